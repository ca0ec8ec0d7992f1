import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { wrapAt } from '../../base/dotted-path.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { dictionary, isJsonArray, isJsonObject, member } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { DeclaredAnswer } from '../endpoint/compile-answer.ts'
import { isSuccess } from '../endpoint/compile-answer.ts'
import type { DeclaredOperation } from '../endpoint/compile-body.ts'
import { compileMadeExample } from './compile-made-example.ts'
import type { TypeDraft } from '../schema/compile-types.ts'
import { ownExample } from './example-schema.ts'
import type { DeclaredMapping } from '../schema/named-types.ts'
import type { ExampleRecord } from '../../model/example-record.ts'
import type { OperationRecord } from '../../model/endpoint-record.ts'
import type { SchemaPlace } from '../schema/view-schema.ts'
import { viewSchema } from '../schema/view-schema.ts'

/** Objects nested deeper than this are left out of an example that is put together. */
const ASSEMBLY_DEPTH = 6

/** Schemas that are looked into for one example at the most; what is left by then is left out. */
const ASSEMBLY_STEPS = 2_500

/** What an example is made for. */
type ExampleScope = {
  readonly draft: TypeDraft
  readonly mapping: DeclaredMapping
  readonly target: DeclaredOperation
  readonly answers: readonly DeclaredAnswer[]
  readonly primary: DeclaredAnswer | undefined
  readonly record: OperationRecord
}

/**
 * Gathers what an operation answers from the document (x-flow 9): for every response the example of
 * its media type, else that of its schema; for the expected one also that of the type, else one put
 * together from the examples of single properties and parameters, else, for a mapping that asks for one,
 * what an example can be made from.
 */
export function compileExample(compilation: Compilation, scope: ExampleScope): ExampleRecord {
  const answers = scope.answers.map(
    (answer): readonly [string, ExampleRecord['answers'][string]] => {
      const isExpected = answer === scope.primary || isSuccess(answer.status)
      const named = namedExamples(compilation, answer)
      const body =
        answer.media?.example ??
        Object.values(named)[0] ??
        (answer.schema === undefined ? undefined : schemaExample(compilation, answer.schema)) ??
        (isExpected ? exampleOfType(compilation, scope, answer) : undefined)
      if (body !== undefined) return [answer.status, { named, body }]
      const made =
        isExpected && scope.record.example !== null
          ? compileMadeExample(compilation, scope.draft, scope.record, answer)
          : undefined
      return [answer.status, made === undefined ? { named } : { named, made }]
    }
  )
  const example: ExampleRecord = {
    status: scope.primary?.status ?? null,
    answers: dictionary(answers)
  }
  reportUnknown(compilation, scope, example)
  return example
}

function namedExamples(
  compilation: Compilation,
  answer: DeclaredAnswer
): { readonly [name: string]: JsonValue } {
  const examples = answer.media?.examples
  if (!isJsonObject(examples)) return {}
  const at = pointer(answer.mediaAt, 'examples')
  return dictionary(
    Object.keys(examples).flatMap(name => {
      const found = compilation.resolveObject(examples[name], pointer(at, name))
      const value = found?.value.value ?? found?.value.dataValue
      return value === undefined ? [] : [[name, value] as const]
    })
  )
}

/** The example that a schema has itself, as it is referenced; an array of one from its items' example. */
function schemaExample(compilation: Compilation, place: SchemaPlace): JsonValue | undefined {
  const own = ownExample(place.schema)
  if (own !== undefined) return own
  const view = viewSchema(compilation, place)
  if (view === undefined) return undefined
  const found = ownExample(view.node)
  if (found !== undefined || view.kind !== 'array' || view.items === null) return found
  const item = viewSchema(compilation, view.items)
  const shown = item === undefined ? undefined : ownExample(item.node)
  return shown === undefined ? undefined : asList(shown)
}

function asList(value: JsonValue): JsonValue {
  return isJsonArray(value) ? value : [value]
}

/** The example on the type, put where the operation's answer has its objects; else one put together. */
function exampleOfType(
  compilation: Compilation,
  { draft, target, record }: ExampleScope,
  answer: DeclaredAnswer
): JsonValue | undefined {
  const { verb, records } = record
  // A read without a declared schema answers with the type; a write without one answers nothing.
  if (answer.schema === undefined && verb !== 'load' && verb !== 'query') return undefined
  const typed = (value: JsonValue): JsonValue =>
    wrapAt(records.at === 'path' ? records.path : '', verb === 'query' ? asList(value) : value)
  const onType = ownExample(draft.named?.schema ?? null) ?? ownExample(draft.view?.node ?? null)
  if (onType !== undefined) return typed(onType)
  const assembly = { parameters: parameterExamples(compilation, target), steps: ASSEMBLY_STEPS }
  if (answer.schema !== undefined) return assemble(compilation, answer.schema, assembly, [])
  const { schema, at } = draft.named ?? { schema: null, at: draft.pointer }
  const assembled = assemble(compilation, { schema, at }, assembly, [])
  return assembled === undefined ? undefined : typed(assembled)
}

/** What the parts of one assembled example share. */
type Assembly = { readonly parameters: ReadonlyMap<string, JsonValue>; steps: number }

/** Examples of the operation's parameters by name: a property of that name shows the same. */
function parameterExamples(
  compilation: Compilation,
  target: DeclaredOperation
): ReadonlyMap<string, JsonValue> {
  const parameters = isJsonArray(target.operation?.parameters) ? target.operation.parameters : []
  return new Map(
    parameters.flatMap((given, index) => {
      const found = compilation.resolveObject(given, pointer(target.at, 'parameters', index))
      const name = found?.value.name
      const examples = found?.value.examples
      const [first] = isJsonObject(examples) ? Object.values(examples) : []
      const value =
        found?.value.example ?? member(first, 'value') ?? ownExample(found?.value.schema ?? null)
      return typeof name === 'string' && value !== undefined ? [[name, value] as const] : []
    })
  )
}

/** Puts an example together from those of the properties; undefined when none of them has one. */
function assemble(
  compilation: Compilation,
  place: SchemaPlace,
  assembly: Assembly,
  around: readonly Pointer[]
): JsonValue | undefined {
  if (assembly.steps-- <= 0 || !compilation.afford(1)) return undefined
  const view = viewSchema(compilation, place)
  if (view === undefined) return undefined
  const own = ownExample(place.schema) ?? ownExample(view.node)
  if (own !== undefined) return own
  if (around.includes(view.at) || around.length >= ASSEMBLY_DEPTH) return undefined
  const inside = [...around, view.at]
  if (view.kind === 'array' && view.items !== null) {
    const item = assemble(compilation, view.items, assembly, inside)
    return item === undefined ? undefined : [item]
  }
  const members: [string, JsonValue][] = []
  for (const [key, held] of view.properties) {
    const value = assemble(compilation, held, assembly, inside) ?? assembly.parameters.get(key)
    if (value !== undefined) members.push([key, value])
  }
  if (members.length > 0) return Object.fromEntries(members)
  const [choice] = view.choices
  return choice === undefined ? undefined : assemble(compilation, choice, assembly, inside)
}

/** An example name or response code that the operation does not declare is an error (x-flow 9). */
function reportUnknown(
  compilation: Compilation,
  { mapping, record, primary }: ExampleScope,
  example: ExampleRecord
): void {
  if (record.example === null) return
  const { response, name } = record.example
  const known: JsonObject | object = example.answers
  const at = pointer(mapping.at, 'example')
  const place = { method: record.method, path: record.path }
  if (response !== null && !Object.hasOwn(known, response)) {
    compilation.report.add('EXAMPLE_RESPONSE_UNKNOWN', at, {
      ...place,
      given: response,
      suggestion: compilation.suggest(response, () => Object.keys(known))
    })
    return
  }
  const names = Object.keys(example.answers[response ?? primary?.status ?? '']?.named ?? {})
  if (name !== null && !names.includes(name)) {
    compilation.report.add('EXAMPLE_NAME_UNKNOWN', at, {
      ...place,
      given: name,
      suggestion: compilation.suggest(name, () => names)
    })
  }
}
