import { deflateRawSync, inflateRawSync } from 'node:zlib'

import type { JsonValue } from '../base/json.ts'
import { parseWritten } from '../base/exact-number.ts'
import type { RowPosition } from '../operations/row-page.ts'
import type { Sealer } from '../store/sealer.ts'
import type { Boundary } from './incremental-reader.ts'

/** Where a read that was stopped goes on. */
export type ResumePoint = {
  readonly position: RowPosition
  /** Rows that were written before. */
  readonly rows: number
  /** How far the file of the rows counts, and what stands there at its end; null for standard output. */
  readonly file: FileMark | null
  /** The greatest values that were seen; null for a read that keeps none. */
  readonly boundary: Boundary | null
}

/** The end of what counts in a file. */
export type FileMark = {
  readonly bytes: number
  /** Hash of the last bytes before. */
  readonly end: string
}

/** What a read is: two reads with the same answers go on where the other stopped. */
export type ReadIdentity = { readonly [part: string]: JsonValue }

/** Most bytes of an opened token. */
const TOKEN_MAX_BYTES = 16 * 1024 * 1024

/** Seals a point into a token, which is bound to what is read (docs/pipelines.md#going-on). */
export function sealResumePoint(
  sealer: Sealer,
  point: ResumePoint,
  identity: ReadIdentity
): string {
  const bytes = deflateRawSync(JSON.stringify(point))
  return sealer.sealBytes(bytes, contextOf(identity)).toString('base64url')
}

/** The point of a token; undefined for one of another read, or sealed with another key. */
export function openResumePoint(
  sealer: Sealer,
  token: string,
  identity: ReadIdentity
): ResumePoint | undefined {
  const bytes = sealer.openBytes(Buffer.from(token.trim(), 'base64url'), contextOf(identity))
  if (bytes === undefined) return undefined
  const text = inflateRawSync(bytes, { maxOutputLength: TOKEN_MAX_BYTES }).toString()
  return parseWritten<ResumePoint>(text)
}

function contextOf(identity: ReadIdentity): string {
  return JSON.stringify(['read', 1, identity])
}
