import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import type { ParameterRecord } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import { declaredAnswers, primaryAnswer } from '../endpoint/compile-answer.ts'
import { compileBody } from '../endpoint/compile-body.ts'
import { declaredParameters, undeclaredInPath } from '../endpoint/compile-parameters.ts'
import { declaredOperations } from '../endpoint/declared-operations.ts'
import type {
  CompiledBody,
  DeclaredAnswer,
  DeclaredOperation,
  LocatedObject
} from '../endpoint/types.ts'
import { examplesOfAnswer } from '../example/shown-in-answers.ts'
import { exampleSchema } from '../schema/schema-keywords.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import type { PathShape } from './path-shape.ts'
import { pathShape } from './path-shape.ts'

/** An operation, and what it says about the objects that it reads or writes. */
export type ReadOperation = {
  readonly target: DeclaredOperation
  readonly shape: PathShape
  readonly parameters: readonly ParameterRecord[]
  /** Parameter Objects by location and name: `query limit`. */
  readonly given: ReadonlyMap<string, LocatedObject>
  readonly answers: readonly DeclaredAnswer[]
  readonly answer: DeclaredAnswer | undefined
  /** The schema of the answer, else one made of its example; null for neither. */
  readonly answered: SchemaView | null
  readonly body: CompiledBody
  /** The schema of the body; null where none can be written. */
  readonly taken: SchemaView | null
  readonly isDeprecated: boolean
  /** Names in which the operation may say what it does: its id, the beginnings of its summary and description, its tags. */
  readonly id: string
  readonly summary: string
  readonly description: string
  readonly tags: readonly string[]
}

/** Most operations that are looked at. */
const OPERATIONS_MAX = 5_000

/** The chosen operations of a document in its order. */
export function readOperations(
  compilation: Compilation,
  isChosen: (target: DeclaredOperation) => boolean
): readonly ReadOperation[] {
  return declaredOperations(compilation)
    .filter(isChosen)
    .slice(0, OPERATIONS_MAX)
    .flatMap(target => (compilation.afford(1) ? [readOperation(compilation, target)] : []))
}

function readOperation(compilation: Compilation, target: DeclaredOperation): ReadOperation {
  const { items, operation, at, path } = target
  const declared = declaredParameters(compilation, [
    ...items.toReversed(),
    { value: operation, at }
  ])
  const records = [...declared.values()].map(({ record }) => record)
  const answers = declaredAnswers(compilation, target)
  const answer = primaryAnswer(answers)
  const body = compileBody(compilation, target)
  const tags = member(operation, 'tags')
  return {
    target,
    shape: pathShape(path),
    parameters: [...records, ...undeclaredInPath(path, records)],
    given: new Map([...declared].map(([key, { given }]) => [key, given])),
    answers,
    answer,
    answered: answeredView(compilation, answer),
    body,
    taken: (body.schema && viewSchema(compilation, body.schema)) ?? null,
    isDeprecated: operation?.deprecated === true,
    id: textMember(operation, 'operationId') ?? '',
    summary: textMember(operation, 'summary') ?? '',
    description: textMember(operation, 'description') ?? '',
    tags: isJsonArray(tags) ? tags.filter(tag => typeof tag === 'string') : []
  }
}

/** Whether a method only reads. */
export function isReading({ target: { method } }: ReadOperation): boolean {
  return method === 'GET' || method === 'QUERY'
}

/** A vendor's word on an operation: an extension that is an object. */
export function extensionOf(operation: ReadOperation, key: string): JsonObject | undefined {
  const found: JsonValue | undefined = member(operation.target.operation, key)
  return isJsonObject(found) ? found : undefined
}

function answeredView(
  compilation: Compilation,
  answer: DeclaredAnswer | undefined
): SchemaView | null {
  if (answer?.schema !== undefined) {
    const view = viewSchema(compilation, answer.schema)
    if (view !== undefined && view.kind !== 'any') return view
  }
  const [shown] = answer === undefined ? [] : examplesOfAnswer(compilation, answer)
  if (answer === undefined || shown === undefined) return null
  // No schema of the document stands there, so it is a place outside.
  const at = `example of ${pointer(answer.mediaAt, 'example')}#`
  return viewSchema(compilation, { schema: exampleSchema(shown), at }) ?? null
}
