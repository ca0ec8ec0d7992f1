import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isExactNumber, isJsonArray } from '../../base/json.ts'

const KINDS = ['object', 'array', 'string', 'number', 'integer', 'boolean'] as const
type Kind = (typeof KINDS)[number]

/** What a schema's values are: `mixed` for several kinds, `any` for none. */
export type SchemaKind = Kind | 'mixed' | 'any'

/** The kind that a schema's `type` names, or that its other keywords imply. */
export function kindOf(schema: JsonObject): { kind: SchemaKind; nullable: boolean } {
  const { kinds, nullable } = kindsOf(schema)
  return { kind: kinds.length > 1 ? mixOf(kinds) : (kinds[0] ?? 'any'), nullable }
}

function kindsOf(schema: JsonObject): { kinds: Kind[]; nullable: boolean } {
  const named = isJsonArray(schema.type) ? schema.type : [schema.type]
  const kinds = KINDS.filter(kind => named.includes(kind))
  if (schema.type !== undefined) return { kinds, nullable: named.includes('null') }
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) {
    return { kinds: ['object'], nullable: false }
  }
  if (schema.items !== undefined) return { kinds: ['array'], nullable: false }
  const values = isJsonArray(schema.enum) ? schema.enum : [schema.const]
  const implied = new Set(values.map(kindOfValue).filter(kind => kind !== undefined))
  return { kinds: [...implied], nullable: isJsonArray(schema.enum) && values.includes(null) }
}

function kindOfValue(value: JsonValue | undefined): Kind | undefined {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (isExactNumber(value)) return value.rawJSON.includes('.') ? 'number' : 'integer'
  return undefined
}

/** Several kinds at once: numbers stay numbers, other scalars become text, the rest is mixed. */
function mixOf(kinds: readonly Kind[]): SchemaKind {
  if (kinds.every(kind => kind === 'integer' || kind === 'number')) return 'number'
  return kinds.some(kind => kind === 'object' || kind === 'array') ? 'mixed' : 'string'
}
