import type { JsonObject, JsonValue } from '../base/json.ts'
import { isExactNumber, isJsonObject } from '../base/json.ts'
import { trimTrailing } from '../base/trim-trailing.ts'
import { findToldId } from '../model/find-told-id.ts'
import { ownPart } from '../model/own-part.ts'
import type { ScalarKind, TypeRecord } from '../model/type-record.ts'
import { compositeId } from './external-id.ts'
import { scalarToText } from './scalar-text.ts'

/** Longest text that may be an id, in UTF-16 units. */
const ID_MAX_LENGTH = 500

/** Texts that say how a call went. */
const STATES =
  /^(?:ok|okay|success|successful|successfully|succeeded|done|yes|no|true|false|null|none|undefined|ack|acknowledged|accepted|added|complete|completed|created|inserted|saved|stored|updated|written|queued|pending|fail|failed|failure|error|invalid|rejected|unknown)$/i

/**
 * The external id in the bare value that answers a create (docs/x-flow.md#what-a-save-returns), of a composite key
 * the only part that is a member of the object; null where it does not fit the kind of the id, or rather says how the
 * call went.
 */
export function bareId(type: TypeRecord, value: JsonValue | undefined): string | null {
  const { identity, properties } = type
  const isScalar = typeof value === 'string' || typeof value === 'number' || isExactNumber(value)
  const own = ownPart(type)
  if (!isScalar || (identity.composite !== null && own === undefined)) return null
  const [path = []] = own === undefined ? identity.candidates : [own.path]
  const key = properties.find(property => path.length === 1 && property.key === path[0])
  const kind = key?.value.form === 'scalar' ? key.value.kind : 'text'
  const text = (scalarToText(kind, value) ?? '').trim()
  return fits(kind, text) ? text : null
}

function fits(kind: ScalarKind, text: string): boolean {
  if (text === '' || text.length > ID_MAX_LENGTH) return false
  if (kind === 'integer') return /^\d+$/.test(text)
  if (kind === 'number') return !text.startsWith('-')
  return !/[\s<>{}]/.test(text) && !STATES.test(trimTrailing(text, '.!'))
}

/**
 * The external id that an answer tells in a member, or the own part of a composite key, although the answer is no object
 * of the type; null for none.
 */
export function toldId(type: TypeRecord, answer: JsonObject): string | null {
  const membersOf = (value: JsonValue): [string, JsonValue][] | null =>
    isJsonObject(value) ? Object.entries(value) : null
  const id = compositeId(type.identity, answer)
  return (
    id ??
    findToldId<JsonValue, string>(type.toldIds, answer, membersOf, value => bareId(type, value))
  )
}
