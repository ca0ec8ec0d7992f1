import type { Pointer } from '../service/base/json-pointer.ts'
import { follow, pointer } from '../service/base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../service/base/json.ts'
import { isJsonArray, isJsonObject, member } from '../service/base/json.ts'
import type { Compilation } from '../service/compiler/compilation.ts'
import { compileMadeTable } from '../service/compiler/example/compile-made-example.ts'
import { makeExample } from '../service/exchange/made/make-example.ts'
import type { WrapStep } from '../service/model/body-record.ts'
import type { EndpointRecord } from '../service/model/endpoint-record.ts'
import type { MappingRecord } from '../service/model/mapping-record.ts'

/** Makes values from the schemas of a document, each once. */
export type Maker = {
  readonly compilation: Compilation
  /** Made values by the pointers of their schemas. */
  readonly made: Map<Pointer, JsonValue | undefined>
}

/** A value for every parameter that an endpoint declares, by name. */
export function madeParameters(
  maker: Maker,
  { pointer: at, parameters }: EndpointRecord
): JsonObject {
  const { compilation } = maker
  const ofPath = at.slice(0, at.lastIndexOf('/'))
  const made = [ofPath, at].flatMap(holder => {
    const list = member(follow(compilation.root, holder), 'parameters')
    return (isJsonArray(list) ? list : []).flatMap((given, index) => {
      const object = compilation.resolveObject(given, pointer(holder, 'parameters', index))
      const name = member(object?.value, 'name')
      if (object === undefined || typeof name !== 'string') return []
      return [[name, madeParameter(maker, object)] as const]
    })
  })
  const plain = parameters.map(({ name }) => [name, '1'] as const)
  return Object.fromEntries([...plain, ...made])
}

/** Its example, else a value of its schema. */
function madeParameter(
  maker: Maker,
  { value, at }: { readonly value: JsonObject; readonly at: string }
): JsonValue {
  const { example, schema } = value
  if (example !== undefined) return example
  return madeValue(maker, schema, pointer(at, 'schema')) ?? '1'
}

/** The first row of what is made of a schema: its own example, else a value that fits it. */
export function madeValue(
  { compilation, made }: Maker,
  schema: JsonValue | undefined,
  at: Pointer
): JsonValue | undefined {
  if (schema === undefined || made.has(at)) return made.get(at)
  const wrapped = { type: 'object', properties: { value: schema } }
  const located = { schema: wrapped, at: pointer(at, 'made') }
  const record = compileMadeTable(compilation, located, { type: 'Value', rows: 1 })
  const rows = record && makeExample(record)
  const value = isJsonArray(rows) ? member(rows[0], 'value') : undefined
  made.set(at, value)
  return value
}

/** The object in a made body, within the levels that the mapping puts around it. */
export function madeBody(
  maker: Maker,
  { pointer: at }: EndpointRecord,
  { body }: MappingRecord
): JsonValue | undefined {
  const { compilation } = maker
  const operation = follow(compilation.root, at)
  const declared = compilation.resolveObject(
    member(operation, 'requestBody'),
    pointer(at, 'requestBody')
  )
  const content = member(declared?.value, 'content')
  const [media] = isJsonObject(content) ? Object.keys(content) : []
  if (declared === undefined || media === undefined || body === null || 'refused' in body) {
    return undefined
  }
  const schemaAt = pointer(declared.at, 'content', media, 'schema')
  const made = madeValue(maker, follow(compilation.root, schemaAt), schemaAt)
  return body.wrap.reduce<JsonValue | undefined>(within, made)
}

function within(value: JsonValue | undefined, step: WrapStep): JsonValue | undefined {
  return step.form === 'list'
    ? isJsonArray(value)
      ? value[0]
      : undefined
    : member(value, step.key)
}
