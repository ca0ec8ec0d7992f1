import { crc32 } from 'node:zlib'

import type { JsonValue } from '../base/json.ts'
import { deepFreeze, isJsonArray, isJsonObject } from '../base/json.ts'
import type { Owner } from '../base/owner.ts'
import { ownerKey } from '../base/owner.ts'
import type { ApiResponse } from '../net/api-client.ts'
import { createFairCache } from '../store/fair-cache.ts'

type Body = Pick<ApiResponse, 'headers' | 'body'>

/**
 * The bodies that APIs answer again and again, byte for byte: many users of a flow load the same list. Every call is still
 * made, but what came before is not read again.
 */
export type RepeatedAnswers = {
  /** The JSON of a body that came before, frozen; undefined for any other. */
  recall(owner: Owner, url: string, response: Body): JsonValue | undefined
  /** Takes note of a body that was read. Its JSON is kept and frozen once the same body seems to come a second time. */
  notice(owner: Owner, url: string, response: Body, json: JsonValue): void
}

/** What is known of the last body of a URL: its checksum, and the body itself once it came twice. */
type Sight = { sum: number; readonly kept: KeptBody | null }

type KeptBody = {
  readonly contentType: string | undefined
  readonly bytes: Uint8Array
  readonly json: JsonValue
}

/** How long a body is kept (s), so that no data of a flow stays in memory for long. */
const KEPT_S = 60

/** What a kept body takes for each of its bytes: itself, and its JSON, of which `{}` takes most. */
const SIZE_FACTOR = 32

/** What a body takes that was seen once. */
const SEEN_BYTES = 100

/**
 * Creates the memory of repeated answers, which owners share fairly.
 *
 * @param maxBytes Most memory, with the JSON of the kept bodies.
 * @param now A monotonic clock (ms).
 */
export function createRepeatedAnswers(maxBytes: number, now: () => number): RepeatedAnswers {
  const sights = createFairCache<Sight>({
    maxBytes,
    sizeOf: ({ kept }, key) =>
      2 * key.length + (kept === null ? SEEN_BYTES : kept.bytes.length * SIZE_FACTOR),
    now
  })
  return {
    recall(owner, url, { headers, body }) {
      const kept = sights.get(keyOf(owner, url))?.kept
      const isSame =
        kept != null &&
        kept.contentType === headers['content-type'] &&
        Buffer.compare(kept.bytes, body) === 0
      return isSame ? kept.json : undefined
    },
    notice(owner, url, { headers, body }, json) {
      if (!isJsonArray(json) && !isJsonObject(json)) return
      const key = keyOf(owner, url)
      const sum = crc32(body)
      const before = sights.get(key)
      if (before?.sum === sum) {
        // A response is a part of a larger buffer, which it would keep.
        const bytes = new Uint8Array(body)
        const kept = { contentType: headers['content-type'], bytes, json: deepFreeze(json) }
        sights.set(key, { sum, kept }, KEPT_S, owner)
      } else if (before?.kept === null) {
        before.sum = sum
      } else {
        sights.set(key, { sum, kept: null }, KEPT_S, owner)
      }
    }
  }
}

function keyOf(owner: Owner, url: string): string {
  // A URL has no blanks.
  return `${ownerKey(owner)} ${url}`
}
