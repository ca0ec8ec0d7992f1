import { createHash } from 'node:crypto'

import type { JsonValue } from '../base/json.ts'
import type { IdentityRecord } from '../model/type-record.ts'
import { ownId } from '../objects/external-id.ts'

/** Records before a position that are known where a read goes on. */
const RECORDS_MAX = 16

/** Bytes of a hash. */
const HASH_BYTES = 9

/** The last records before a position, each by a hash; those without an id are never known again. */
export function lastRecords(
  identity: IdentityRecord,
  values: readonly JsonValue[]
): readonly string[] {
  return values.slice(-RECORDS_MAX).flatMap(value => hashOf(identity, value) ?? [])
}

/** The indexes of records that are not among the last ones before a position. */
export function newRecords(
  identity: IdentityRecord,
  values: readonly JsonValue[],
  last: readonly string[]
): readonly number[] {
  const known = new Set(last)
  return [...values.keys()].filter(index => {
    const hash = hashOf(identity, values[index] ?? null)
    return hash === undefined || !known.has(hash)
  })
}

function hashOf(identity: IdentityRecord, value: JsonValue): string | undefined {
  if (value === null || ownId(identity, value) === undefined) return undefined
  const digest = createHash('sha256').update(JSON.stringify(value)).digest()
  return digest.subarray(0, HASH_BYTES).toString('base64url')
}
