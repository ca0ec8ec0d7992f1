import { parseJson } from '../../base/exact-number.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { isScalar } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { misfitOf } from './example-fit.ts'
import { DESCRIBING, unwrapExample } from './unwrap-example.ts'

/** Members of an Example Object that have its value. */
const VALUES = ['value', 'dataValue', 'serializedValue', 'externalValue']

/**
 * An example as its author means it (docs/x-flow.md#written-examples): JSON text where an object or a list is due,
 * a reference, and what is wrapped or bare where it should not be, are read, with a warning. Undefined where that
 * leads nowhere.
 *
 * @param due The schema of the example; undefined for none.
 */
export function readExample(
  compilation: Compilation,
  value: JsonValue,
  at: Pointer,
  due: SchemaView | undefined
): JsonValue | undefined {
  const ref = textMember(value, '$ref')
  const isReference =
    ref !== undefined &&
    isJsonObject(value) &&
    Object.keys(value).every(key => DESCRIBING.has(key)) &&
    due?.properties.has('$ref') !== true
  if (!isReference) return readText(compilation, value, at, due)
  compilation.report.add('EXAMPLE_IS_REFERENCE', at, { ref })
  const target = compilation.peek(value, at)
  if (target === undefined) return undefined
  const isExampleObject = /\/examples\/[^/]+$/.test(target.at) && isJsonObject(target.value)
  return isExampleObject
    ? exampleValue(compilation, target.value, target.at, due)
    : readText(compilation, target.value, target.at, due)
}

/** Text where an object or a list is due. */
function readText(
  compilation: Compilation,
  value: JsonValue,
  at: Pointer,
  due: SchemaView | undefined
): JsonValue | undefined {
  const { report } = compilation
  const kind = due?.kind
  if (typeof value !== 'string' || (kind !== 'object' && kind !== 'array')) {
    return unwrapExample(compilation, value, at, due)
  }
  const expected = kind === 'object' ? 'an object' : 'a list'
  const read = parsed(value)
  if (isJsonObject(read) || isJsonArray(read)) {
    report.add('EXAMPLE_IS_TEXT', at, { expected })
    return unwrapExample(compilation, read, at, due)
  }
  report.add('EXAMPLE_UNREADABLE', at, {
    reason: `it is text, and not JSON, where ${expected} is due`
  })
  return undefined
}

/**
 * The value of an Example Object: `value` or `dataValue`, else what `serializedValue` is as JSON, else the document
 * that `externalValue` names. An object without any of these is the value itself, with a warning.
 */
export function exampleValue(
  compilation: Compilation,
  example: JsonValue,
  at: Pointer,
  due: SchemaView | undefined
): JsonValue | undefined {
  if (!isJsonObject(example) || !VALUES.some(key => example[key] !== undefined)) {
    const isEmpty = isJsonObject(example) && Object.keys(example).every(key => DESCRIBING.has(key))
    if (isEmpty) return undefined
    const holes = { given: 'a value where an Example Object is due', taken: 'it' }
    compilation.report.add('EXAMPLE_UNWRAPPED', at, holes)
    return readExample(compilation, example, at, due)
  }
  for (const key of ['value', 'dataValue']) {
    const value = example[key]
    if (value !== undefined) return readExample(compilation, value, pointer(at, key), due)
  }
  const serialized = textMember(example, 'serializedValue')
  return serialized === undefined
    ? externalValue(compilation, example, at, due)
    : serializedValue(compilation, serialized, at, due)
}

function serializedValue(
  compilation: Compilation,
  serialized: string,
  at: Pointer,
  due: SchemaView | undefined
): JsonValue | undefined {
  const isText = due?.kind === 'string' && !serialized.startsWith('"')
  const read = isText ? serialized : parsed(serialized)
  if (read === undefined) {
    const holes = { reason: 'its `serializedValue` is no JSON' }
    compilation.report.add('EXAMPLE_UNREADABLE', pointer(at, 'serializedValue'), holes)
  }
  return read
}

/** The document of an `externalValue`, which is read like one that a reference names. */
function externalValue(
  compilation: Compilation,
  { externalValue: url }: JsonObject,
  at: Pointer,
  due: SchemaView | undefined
): JsonValue | undefined {
  const found = typeof url === 'string' ? compilation.peek({ $ref: url }, at) : undefined
  if (found !== undefined) return readText(compilation, found.value, found.at, due)
  const reason = 'its `externalValue` cannot be read'
  compilation.report.add('EXAMPLE_UNREADABLE', pointer(at, 'externalValue'), { reason })
  return undefined
}

/**
 * The named examples of a media type, a parameter or a header by their names: a map of Example Objects. A list is
 * read too, with a warning; its entries are named by their number.
 */
export function namedExamples(
  compilation: Compilation,
  examples: JsonValue | undefined,
  at: Pointer,
  due: SchemaView | undefined
): (readonly [name: string, value: JsonValue])[] {
  if (isJsonArray(examples)) return listedExamples(compilation, examples, at, due)
  if (!isJsonObject(examples)) return []
  return Object.entries(examples).flatMap(([name, given]) => {
    const found = compilation.resolve(given, pointer(at, name))
    const value = found && exampleValue(compilation, found.value, found.at, due)
    return value === undefined ? [] : [[name, value] as const]
  })
}

/** A list where a map of examples is due: of Example Objects, else of objects of a list, else of values. */
function listedExamples(
  compilation: Compilation,
  examples: readonly JsonValue[],
  at: Pointer,
  due: SchemaView | undefined
): (readonly [name: string, value: JsonValue])[] {
  const holes = { given: 'a list where a map of Example Objects is due', taken: 'what it lists' }
  compilation.report.add('EXAMPLE_UNWRAPPED', at, holes)
  const isBare = examples.every(each => isJsonObject(each) && each.value === undefined)
  if (isBare && due?.kind === 'array' && examples.length > 0) {
    const value = readExample(compilation, examples, at, due)
    return value === undefined ? [] : [['1', value]]
  }
  return examples.flatMap((each, index) => {
    const place = pointer(at, index)
    const value = VALUES.some(key => member(each, key) !== undefined)
      ? exampleValue(compilation, each, place, due)
      : readExample(compilation, each, place, due)
    return value === undefined ? [] : [[String(index + 1), value] as const]
  })
}

/** The examples beside a reference to a schema, or beside its `allOf`; not those of the schema itself. */
export function examplesBeside(
  compilation: Compilation,
  { schema, at }: LocatedSchema,
  view: SchemaView
): readonly JsonValue[] {
  const isBeside = at !== view.at && isJsonObject(schema) && hasExample(schema)
  return isBeside ? examplesOfSchema(compilation, { schema, at }, view) : []
}

/** The first example of a schema, or beside it, that fits it; undefined for none. */
export function exampleOfSchema(
  compilation: Compilation,
  located: LocatedSchema,
  view = viewSchema(compilation, located)
): JsonValue | undefined {
  return examplesOfSchema(compilation, located, view)[0]
}

/**
 * The examples of a schema, else those beside it: `example`, else `examples`. One that does not fit the schema is left
 * out, with a warning. An object's example may be a list: each of its objects is one.
 */
export function examplesOfSchema(
  compilation: Compilation,
  located: LocatedSchema,
  view = viewSchema(compilation, located)
): readonly JsonValue[] {
  const own = { schema: located.schema, at: located.at }
  const target = view && { schema: isScalar(view) ? view.keywords : view.node, at: view.at }
  const holder = [own, target].find(each => isJsonObject(each?.schema) && hasExample(each.schema))
  if (holder === undefined) return []
  const { at } = holder
  const { example, examples } = isJsonObject(holder.schema) ? holder.schema : {}
  const listed =
    example !== undefined
      ? [[example, pointer(at, 'example')] as const]
      : isJsonArray(examples)
        ? examples.map((each, index) => [each, pointer(at, 'examples', index)] as const)
        : namedExamples(compilation, examples, pointer(at, 'examples'), view).map(
            ([name, each]) => [each, pointer(at, 'examples', name)] as const
          )
  return listed.flatMap(([each, place]) => {
    const value = readExample(compilation, each, place, view)
    if (value === undefined) return []
    const rows = view?.kind === 'object' && isJsonArray(value) ? value : [value]
    const reason = view === undefined ? null : rows.map(row => misfitOf(row, view)).find(Boolean)
    if (!reason) return rows
    compilation.report.add('EXAMPLE_UNREADABLE', place, { reason })
    return []
  })
}

/**
 * The example of a Parameter or Header Object: `example`, else the first of `examples`, else `x-ms-test-value`, else that
 * of its schema.
 */
export function exampleOfParameter(
  compilation: Compilation,
  parameter: JsonObject,
  at: Pointer
): JsonValue | undefined {
  const { example, examples, schema } = parameter
  const located = schema === undefined ? undefined : { schema, at: pointer(at, 'schema') }
  const due = located && viewSchema(compilation, located)
  if (example !== undefined) return readExample(compilation, example, pointer(at, 'example'), due)
  const [named] = namedExamples(compilation, examples, pointer(at, 'examples'), due)
  if (named !== undefined) return named[1]
  const trial = parameter['x-ms-test-value']
  if (trial !== undefined)
    return readExample(compilation, trial, pointer(at, 'x-ms-test-value'), due)
  return located && exampleOfSchema(compilation, located, due)
}

function hasExample({ example, examples }: JsonObject): boolean {
  const isListed = isJsonArray(examples) ? examples.length > 0 : isJsonObject(examples)
  return example !== undefined || isListed
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
