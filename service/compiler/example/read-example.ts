import { parseJson } from '../../base/exact-number.ts'
import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import type { Compilation } from '../compilation.ts'
import { exampleOfView, ownExample } from '../schema/schema-keywords.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'

/** Members of an Example Object beside its value. */
const DESCRIBING = new Set(['$ref', 'summary', 'description'])

/**
 * An example as its author means it (docs/x-flow.md#written-examples): JSON text where an object or a list is
 * due, and a reference, are read, with a warning. Undefined where that leads nowhere.
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
  { report }: Compilation,
  value: JsonValue,
  at: Pointer,
  due: SchemaView | undefined
): JsonValue | undefined {
  const kind = due?.kind
  if (typeof value !== 'string' || (kind !== 'object' && kind !== 'array')) return value
  const expected = kind === 'object' ? 'an object' : 'a list'
  const read = parsed(value)
  if (isJsonObject(read) || isJsonArray(read)) {
    report.add('EXAMPLE_IS_TEXT', at, { expected })
    return read
  }
  report.add('EXAMPLE_UNREADABLE', at, { reason: `it is text where ${expected} is due` })
  return undefined
}

/** The value of an Example Object: `value` or `dataValue`, else what `serializedValue` is as JSON. */
export function exampleValue(
  compilation: Compilation,
  example: JsonObject,
  at: Pointer,
  due: SchemaView | undefined
): JsonValue | undefined {
  for (const key of ['value', 'dataValue']) {
    const value = example[key]
    if (value !== undefined) return readExample(compilation, value, pointer(at, key), due)
  }
  const serialized = textMember(example, 'serializedValue')
  if (serialized === undefined) return undefined
  const isText = due?.kind === 'string' && !serialized.startsWith('"')
  const read = isText ? serialized : parsed(serialized)
  if (read === undefined) {
    const holes = { reason: 'its `serializedValue` is no JSON' }
    compilation.report.add('EXAMPLE_UNREADABLE', pointer(at, 'serializedValue'), holes)
  }
  return read
}

/** The example beside a schema or of it; undefined for none. */
export function exampleOfSchema(
  compilation: Compilation,
  located: LocatedSchema,
  view = viewSchema(compilation, located)
): JsonValue | undefined {
  const own = ownExample(located.schema)
  const held = own ?? (view && exampleOfView(view))
  if (held === undefined) return undefined
  const { schema, at } = own === undefined && view ? { schema: view.node, at: view.at } : located
  const isSingle = member(schema, 'example') !== undefined
  const where = isSingle ? pointer(at, 'example') : pointer(at, 'examples', 0)
  return readExample(compilation, held, where, view)
}

/** The example of a Parameter Object: `example`, else the first of `examples`, else that of its schema. */
export function exampleOfParameter(
  compilation: Compilation,
  parameter: JsonObject,
  at: Pointer
): JsonValue | undefined {
  const { example, examples, schema } = parameter
  const located = schema === undefined ? undefined : { schema, at: pointer(at, 'schema') }
  const due = located && viewSchema(compilation, located)
  if (example !== undefined) return readExample(compilation, example, pointer(at, 'example'), due)
  const [name] = isJsonObject(examples) ? Object.keys(examples) : []
  const found =
    name === undefined
      ? undefined
      : compilation.resolveObject(member(examples, name), pointer(at, 'examples', name))
  const named = found && exampleValue(compilation, found.value, found.at, due)
  return named ?? (located && exampleOfSchema(compilation, located, due))
}

function parsed(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}
