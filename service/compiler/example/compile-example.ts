import { mediaEssence } from '../../base/media-type.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { dictionary, isJsonArray } from '../../base/json.ts'
import type { ExampleAnswer, ExampleRecord } from '../../model/example-record.ts'
import { declaredKey, statusesWith } from '../../model/example-record.ts'
import type { ExampleChoice, MappingRecord } from '../../model/mapping-record.ts'
import type { Compilation } from '../compilation.ts'
import { isSuccess, isType } from '../endpoint/compile-answer.ts'
import { followSchema } from '../endpoint/follow-schema.ts'
import type { DeclaredAnswer, MappingContext } from '../endpoint/types.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import {
  examplesBeside,
  exampleOfParameter,
  exampleOfSchema,
  examplesOfSchema,
  namedExamples,
  readExample
} from './read-example.ts'

/** Objects nested deeper than this are left out of an assembled example. */
const ASSEMBLY_DEPTH = 6

/** How many schemas one assembled example looks at; further ones are left out. */
const ASSEMBLY_STEPS = 2_500

type Answers = readonly (readonly [status: string, answer: ExampleAnswer])[]

/**
 * The answers that an endpoint declares: of each the examples of its media type; of one that is not expected also
 * what its schema shows, since no type adds to it.
 */
export function compileDeclaredExample(
  compilation: Compilation,
  answers: readonly DeclaredAnswer[],
  primary: DeclaredAnswer | undefined
): ExampleRecord {
  const compiled = answers.map((answer): Answers[number] => {
    const { schema, status } = answer
    const { media, mediaAt } = mediaOf(compilation, answer)
    const due = schema && viewSchema(compilation, schema)
    const given = media?.example
    const single =
      given === undefined
        ? undefined
        : readExample(compilation, given, pointer(mediaAt, 'example'), due)
    const named = namedExamples(compilation, media?.examples, pointer(mediaAt, 'examples'), due)
    const isExpected = answer === primary || isSuccess(status)
    const shown = [...(single === undefined ? [] : [single]), ...named.map(([, value]) => value)]
    // Null stands for an empty answer, which is chosen by its name, or where there is no other.
    const declared = shown.find(value => value !== null) ?? shown[0]
    const body =
      declared !== undefined || isExpected || schema === undefined
        ? declared
        : assembled(compilation, schema)
    const { location: header } = answer
    const location = header?.value && exampleOfParameter(compilation, header.value, header.at)
    return [
      status,
      {
        named: dictionary(named),
        ...(Object.keys(answer.content).length === 0 && { isEmpty: true }),
        ...(body !== undefined && { body }),
        ...(typeof location === 'string' && { location })
      }
    ]
  })
  const shown = primary ?? answers[0]
  return { status: shown?.status ?? null, answers: dictionary(compiled) }
}

/** The Media Type Object of an answer in JSON, else in text: a write may be answered by a bare id. */
function mediaOf(
  compilation: Compilation,
  { media, mediaAt, isText, content }: DeclaredAnswer
): Pick<DeclaredAnswer, 'media' | 'mediaAt'> {
  const text = Object.keys(content).find(name => mediaEssence(name) === 'text/plain')
  if (media !== undefined || !isText || text === undefined) return { media, mediaAt }
  const found = compilation.resolveObject(content[text], mediaAt)
  return { media: found?.value, mediaAt: found?.at ?? mediaAt }
}

/**
 * What the schemas of expected responses add for a mapping with `example`: the example of the whole answer, or of
 * the objects in it where these are not of the type's own schema. Null for nothing.
 */
export function compileTypedExample(
  context: MappingContext,
  record: MappingRecord
): ExampleRecord | null {
  if (record.example === null) return null
  const { answers, primary, example: declared } = context.endpoint
  const added = answers.flatMap((answer): Answers => {
    const { status, schema } = answer
    const known = declared.answers[status]
    const isExpected = answer === primary || isSuccess(status)
    if (!isExpected || schema === undefined || known === undefined) return []
    const shown = shownBySchema(context, record, schema)
    return Object.keys(shown).length > 0 ? [[status, { ...shown, ...known }]] : []
  })
  reportUnknown(context, record.example)
  return added.length === 0 ? null : { status: declared.status, answers: dictionary(added) }
}

function shownBySchema(
  { compilation, draft }: MappingContext,
  { records }: MappingRecord,
  schema: LocatedSchema
): Omit<ExampleAnswer, 'named'> {
  const examplesAt = (located: LocatedSchema, view: SchemaView): readonly JsonValue[] =>
    // What the schema of the type itself shows are the rows of its table.
    isType(compilation, draft, view)
      ? examplesBeside(compilation, located, view)
      : examplesOfSchema(compilation, located, view)
  const whole = viewSchema(compilation, schema)
  if (whole === undefined) return {}
  const [body] = examplesAt(schema, whole)
  if (body !== undefined) return { body }
  const place = followSchema(compilation, schema, records.at === 'path' ? records.path : '')
  if (place === undefined) return {}
  const { view } = place
  const items = view.kind === 'array' ? view.items : null
  const mark = formOf(view)
  const [listed] = items === null ? [] : examplesAt(place.located, view)
  if (listed !== undefined) return { ...mark, rows: isJsonArray(listed) ? listed : [listed] }
  const object = items ?? place.located
  const inner = viewSchema(compilation, object)
  if (inner === undefined) return mark
  const shown = examplesAt(object, inner)
  if (shown.length > 0) return { ...mark, rows: shown }
  const isOther = inner.kind === 'object' && !isType(compilation, draft, inner)
  const parts = isOther ? assembled(compilation, object) : undefined
  return parts === undefined ? mark : { ...mark, rows: [parts] }
}

/** Whether the objects of an answer are a list or one object. */
function formOf({ kind, properties, mapValues }: SchemaView): Pick<ExampleAnswer, 'form'> {
  if (kind === 'array' || (properties.size === 0 && mapValues !== null)) return { form: 'list' }
  return kind === 'object' ? { form: 'object' } : {}
}

type Assembly = { steps: number }

/** Assembles an example from those of a schema and its parts; undefined when none of them has one. */
function assembled(compilation: Compilation, schema: LocatedSchema): JsonValue | undefined {
  return assemble(compilation, schema, { steps: ASSEMBLY_STEPS }, [])
}

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
    const value = assemble(compilation, held, assembly, inside)
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
  const keys = Object.keys(answers)
  const key = response === null ? status : declaredKey(keys, response)
  if (response !== null && key === undefined) {
    const suggestion = suggest(response, () => keys)
    report.add('EXAMPLE_RESPONSE_UNKNOWN', at, { method, path, given: response, suggestion })
    return
  }
  const names = Object.keys(answers[key ?? '']?.named ?? {})
  if (name === null || names.includes(name)) return
  const [elsewhere] = statusesWith(answers, name)
  const suggestion =
    elsewhere === undefined
      ? suggest(name, () => names)
      : ` for ${key ?? 'a response'}: it is declared for ${elsewhere}`
  report.add('EXAMPLE_NAME_UNKNOWN', at, { method, path, given: name, suggestion })
}
