import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import type { Chooser } from './chooser.ts'

const NAMES = [
  'id',
  'name',
  'status',
  'tags',
  'owner',
  'price',
  'due',
  'data',
  'items',
  'a.b',
  '$x',
  'é',
  '__proto__',
  ''
] as const
const FORMATS = [
  'date',
  'date-time',
  'int64',
  'double',
  'byte',
  'binary',
  'uuid',
  'email',
  'password',
  'unix-time',
  'odd'
] as const
const DEPTH_MAX = 3

const SCALARS = ['string', 'string', 'integer', 'number', 'boolean', 'nothing'] as const
const KINDS = [...SCALARS, 'string', 'object', 'array', 'map', 'reference', 'choice'] as const

/** A reference to a schema of the document. */
export function reference(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` }
}

/** A schema of a kind, or of any. */
export function growSchema(
  chooser: Chooser,
  types: readonly string[],
  depth: number,
  kind?: string
): JsonObject {
  const { pick, once, below } = chooser
  const type = kind ?? pick(depth < DEPTH_MAX ? KINDS : SCALARS)
  const marks: JsonObject = {
    ...(once(12) && { nullable: true }),
    ...(once(12) && { readOnly: true }),
    ...(once(16) && { writeOnly: true }),
    ...(once(16) && { default: pick<JsonValue>(['x', 1, null, [], {}]) }),
    ...(once(16) && { enum: [pick<JsonValue>(['a', 1, null]), 'b'] })
  }
  switch (type) {
    case 'object': {
      const members = ['id', ...chooser.some(10, () => pick(NAMES))]
      const properties = members.map(name => [name, growSchema(chooser, types, depth + 1)] as const)
      return {
        type,
        properties: Object.fromEntries(properties),
        ...(once(2) && { required: members.slice(0, 1 + below(3)) }),
        ...(once(5) && {
          additionalProperties: once(2) ? true : growSchema(chooser, types, depth + 1)
        })
      }
    }
    case 'array':
      return { type, items: growSchema(chooser, types, depth + 1), ...marks }
    case 'map':
      return {
        type: 'object',
        additionalProperties: growSchema(chooser, types, depth + 1),
        ...marks
      }
    case 'reference':
      return once(20) ? reference('Nothing') : reference(pick([types[0] ?? 'T0', ...types]))
    case 'choice':
      return {
        [pick(['oneOf', 'anyOf', 'allOf'])]: Array.from({ length: 1 + below(3) }, () =>
          growSchema(chooser, types, depth + 1)
        )
      }
    case 'nothing':
      return { ...marks }
    default:
      return { type, ...(once(3) && { format: pick(FORMATS) }), ...marks }
  }
}
