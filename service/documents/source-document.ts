import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, gunzipSync, gzip } from 'node:zlib'

import { decodedText } from '../base/decoded-text.ts'
import { ConnectorError } from '../errors.ts'
import type { ReferenceEnd } from '../parse/links.ts'

/** What a caller asks for. */
export type DocumentRequest = {
  /** An http or https URL, `sample:<name>`, or `sample:/<path>` for a file beside the samples. */
  readonly location: string
  /** Bearer token for the origin of that URL. */
  readonly token: string | null
}

/** The hosted bytes of a document, compressed: texts are kept and sent a tenth as long as they are. */
export type PackedText = Uint8Array

/** The text of a document, and what it is parsed with. */
export type SourceText = {
  /** Where it stands after redirects, without query; `sample:<name>` for a sample. */
  readonly url: string
  /** The URL from which its relative references start, with its query, which is not to be shown. */
  readonly base: string
  readonly packed: PackedText
  readonly contentType: string | null
}

/** The code of the problem with renewing what serves, and how old that is. */
export type Staleness = { readonly reason: string; readonly ageSeconds: number }

/** A document, as its server or the last good copy of it has it. */
export type SourceDocument = SourceText & {
  /** The text key of its request. */
  readonly key: string
  /** SHA-256 of the hosted bytes, in hex. */
  readonly hash: string
  /** Milliseconds since 1970 at which its server last gave or confirmed it. */
  readonly fetchedAt: number
  /** Set when it could not be renewed. */
  readonly stale: Staleness | null
}

/** What is said of a text that could not be renewed. */
export type StaleText = Pick<SourceDocument, 'url' | 'stale'>

/** The parts that a document leads to, in the order of its references. */
export type Gathered = {
  readonly parts: readonly SourceDocument[]
  /** What each URL leads to that the document or a part refers to. */
  readonly ends: ReadonlyMap<string, ReferenceEnd>
}

export const SAMPLE = 'sample:'

const compress = promisify(gzip)

/** Packs the bytes of a document, off the event loop. */
export function packText(bytes: Uint8Array): Promise<PackedText> {
  return compress(bytes, { level: constants.Z_BEST_SPEED })
}

/** The text that was packed. It takes its time with a large one. */
export function unpackText(packed: PackedText): string {
  return decodedText(gunzipSync(packed))
}

/**
 * The key under which a text is kept: another one for each token, so that what was read with a token is
 * given to callers with that token only. A text need not be a document to serve as a part, so the copies
 * of parts have keys of their own.
 *
 * @throws ConnectorError `URL_INVALID`; `CONFIG_INVALID` for a token that no header takes.
 */
export function textKey({ location, token }: DocumentRequest, use: 'document' | 'part'): string {
  if (location.startsWith(SAMPLE)) return location
  const url = documentUrl(location)
  refuseMalformedToken(token)
  return sha256(JSON.stringify(use === 'part' ? [url, token, 'part'] : [url, token]))
}

/**
 * The key of a model: equal for equal documents with equal parts. The address counts too: it is the base
 * of a relative server, and stands in every diagnostic.
 *
 * @param gathered Null for a document that refers to no other.
 */
export function modelKey(
  { hash, url }: Pick<SourceDocument, 'hash' | 'url'>,
  gathered: Gathered | null
): string {
  if (gathered === null) return `${hash} ${url}`
  const parts = gathered.parts.map(part => [part.base, part.hash])
  return `${hash} ${url} ${sha256(JSON.stringify([parts, [...gathered.ends]]))}`
}

/** The URL of a location, without fragment. @throws ConnectorError `URL_INVALID`. */
export function documentUrl(location: string): string {
  const url = URL.parse(location.trim())
  const usable =
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === ''
  if (!usable) throw new ConnectorError('URL_INVALID', { name: shown(location) })
  url.hash = ''
  return url.href
}

/** What was given, without the parts in which people put secrets. */
function shown(location: string): string {
  const bare = location.trim().split(/[?#]/, 1)[0] ?? ''
  const at = bare.lastIndexOf('@')
  return (at === -1 ? bare : `***${bare.slice(at)}`).slice(0, 200)
}

function refuseMalformedToken(token: string | null): void {
  if (token === null || /^[\x21-\x7e]+$/.test(token)) return
  throw new ConnectorError('CONFIG_INVALID', {
    name: 'Schema Token',
    reason: 'it has spaces or characters that a header cannot hold',
    allowed: 'the token alone, on one line'
  })
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
