import { splitPath, wrapAt } from '../../base/dotted-path.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { dictionary, isJsonArray, isJsonObject } from '../../base/json.ts'
import type {
  ExampleRecord,
  MadeExampleRecord,
  MadeExampleSchema
} from '../../model/example-record.ts'
import type { ExampleChoice, MappingRecord } from '../../model/mapping-record.ts'
import { isRead } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import { isSuccess } from '../endpoint/compile-answer.ts'
import type { DeclaredAnswer, DeclaredOperation, MappingContext } from '../endpoint/types.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { compileMadeTable } from './compile-made-example.ts'
import { exampleOfParameter, exampleOfSchema, exampleValue, readExample } from './read-example.ts'

/** Objects nested deeper than this are left out of an assembled example. */
const ASSEMBLY_DEPTH = 6

/** How many schemas one assembled example looks at; further ones are left out. */
const ASSEMBLY_STEPS = 2_500

type Answers = ExampleRecord['answers']

/** The answers that an endpoint declares: of each the example of its media type, else of its schema. */
export function compileDeclaredExample(
  compilation: Compilation,
  answers: readonly DeclaredAnswer[],
  primary: DeclaredAnswer | undefined
): ExampleRecord {
  const declared = answers.map((answer): readonly [string, Answers[string]] => {
    const due = answer.schema && viewSchema(compilation, answer.schema)
    const named = namedExamples(compilation, answer, due)
    const given = answer.media?.example
    const at = pointer(answer.mediaAt, 'example')
    const body =
      (given === undefined ? undefined : readExample(compilation, given, at, due)) ??
      Object.values(named)[0] ??
      (answer.schema && schemaExample(compilation, answer.schema))
    return [answer.status, body === undefined ? { named } : { named, body }]
  })
  const shown = primary ?? answers[0]
  return { status: shown?.status ?? null, answers: dictionary(declared) }
}

/**
 * What a type adds to the examples of an endpoint, for expected responses without one: the example of the
 * type, else one assembled from the examples of properties and parameters, else, for a mapping with
 * `example`, the schema of a generated one. Null for nothing.
 */
export function compileTypedExample(
  context: MappingContext,
  record: MappingRecord
): ExampleRecord | null {
  const { endpoint } = context
  const { answers, primary, example: declared } = endpoint
  const added = answers.flatMap((answer): (readonly [string, Answers[string]])[] => {
    const { status } = answer
    const isExpected = answer === primary || isSuccess(status)
    const known = declared.answers[status]
    if (!isExpected || known === undefined || known.body !== undefined) return []
    const { named } = known
    const body = exampleOfType(context, record, answer)
    if (body !== undefined) return [[status, { named, body }]]
    if (record.example === null) return []
    const made = madeExample(context, record, answer)
    return made === undefined ? [] : [[status, { named, made }]]
  })
  if (record.example !== null) reportUnknown(context, record.example)
  return added.length === 0 ? null : { status: declared.status, answers: dictionary(added) }
}

/** The rows of a made table, where the objects are. */
function madeExample(
  { compilation, draft }: MappingContext,
  { verb, records }: MappingRecord,
  { schema }: DeclaredAnswer
): MadeExampleRecord | undefined {
  const path = records.at === 'path' ? records.path : ''
  if (draft.named === null || (schema === undefined && !isRead(verb))) return undefined
  const table = compileMadeTable(compilation, draft.named, { type: draft.name })
  if (table === undefined) return undefined
  const own = verb !== 'query' && 'items' in table.schema ? table.schema.items : table.schema
  const wrapped = splitPath(path).reduceRight<MadeExampleSchema>(
    (inner, part) => ({ type: 'object', properties: { [part]: inner } }),
    own
  )
  return { schema: wrapped, seed: table.seed }
}

function namedExamples(
  compilation: Compilation,
  answer: DeclaredAnswer,
  due: SchemaView | undefined
): { readonly [name: string]: JsonValue } {
  const examples = answer.media?.examples
  if (!isJsonObject(examples)) return {}
  const at = pointer(answer.mediaAt, 'examples')
  return dictionary(
    Object.keys(examples).flatMap(name => {
      const found = compilation.resolveObject(examples[name], pointer(at, name))
      const value = found && exampleValue(compilation, found.value, found.at, due)
      return value === undefined ? [] : [[name, value] as const]
    })
  )
}

/** The example of a schema itself or of its target; that of an array also from its items. */
function schemaExample(compilation: Compilation, located: LocatedSchema): JsonValue | undefined {
  const view = viewSchema(compilation, located)
  const own = exampleOfSchema(compilation, located, view)
  if (own !== undefined || view?.kind !== 'array' || view.items === null) return own
  const shown = exampleOfSchema(compilation, view.items)
  return shown === undefined ? undefined : asList(shown)
}

function asList(value: JsonValue): JsonValue {
  return isJsonArray(value) ? value : [value]
}

/** The example of the type, wrapped as `records` says; else an assembled one. */
function exampleOfType(
  { compilation, draft, endpoint }: MappingContext,
  { verb, records }: MappingRecord,
  { schema }: DeclaredAnswer
): JsonValue | undefined {
  // A read without a declared schema answers with the type; a write without one answers nothing.
  if (schema === undefined && !isRead(verb)) return undefined
  const typed = (value: JsonValue): JsonValue =>
    wrapAt(records.at === 'path' ? records.path : '', verb === 'query' ? asList(value) : value)
  const onType =
    (draft.named && exampleOfSchema(compilation, draft.named)) ??
    (draft.view && exampleOfSchema(compilation, { schema: draft.view.node, at: draft.view.at }))
  if (onType !== undefined && onType !== null) return typed(onType)
  const parameters = parameterExamples(compilation, endpoint.target)
  const assembly = { parameters, steps: ASSEMBLY_STEPS }
  if (schema !== undefined) return assemble(compilation, schema, assembly, [])
  const own = draft.named ?? { schema: null, at: draft.pointer }
  const assembled = assemble(compilation, own, assembly, [])
  return assembled === undefined ? undefined : typed(assembled)
}

type Assembly = { readonly parameters: ReadonlyMap<string, JsonValue>; steps: number }

/** Examples of the operation's parameters by name, for properties of the same name. */
function parameterExamples(
  compilation: Compilation,
  target: DeclaredOperation
): ReadonlyMap<string, JsonValue> {
  const parameters = isJsonArray(target.operation?.parameters) ? target.operation.parameters : []
  return new Map(
    parameters.flatMap((given, index) => {
      const found = compilation.resolveObject(given, pointer(target.at, 'parameters', index))
      const name = found?.value.name
      const value = found && exampleOfParameter(compilation, found.value, found.at)
      return typeof name === 'string' && value !== undefined ? [[name, value] as const] : []
    })
  )
}

/** Assembles an example from those of the properties; undefined when none of them has one. */
function assemble(
  compilation: Compilation,
  located: LocatedSchema,
  assembly: Assembly,
  around: readonly Pointer[]
): JsonValue | undefined {
  if (assembly.steps-- <= 0 || !compilation.afford(1)) return undefined
  const view = viewSchema(compilation, located)
  if (view === undefined) return undefined
  const own = exampleOfSchema(compilation, located, view)
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
  return choice && assemble(compilation, choice, assembly, inside)
}

/** A response or an example name that the operation does not declare is an error. */
function reportUnknown(
  { compilation, mapping, endpoint }: MappingContext,
  { response, name }: ExampleChoice
): void {
  const { report, suggest } = compilation
  const { method, path } = endpoint.target
  const { status, answers } = endpoint.example
  const at = pointer(mapping.at, 'example')
  if (response !== null && !Object.hasOwn(answers, response)) {
    const suggestion = suggest(response, () => Object.keys(answers))
    report.add('EXAMPLE_RESPONSE_UNKNOWN', at, { method, path, given: response, suggestion })
    return
  }
  const names = Object.keys(answers[response ?? status ?? '']?.named ?? {})
  if (name !== null && !names.includes(name)) {
    const suggestion = suggest(name, () => names)
    report.add('EXAMPLE_NAME_UNKNOWN', at, { method, path, given: name, suggestion })
  }
}
