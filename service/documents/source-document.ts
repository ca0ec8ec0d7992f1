import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, gunzip, gunzipSync, gzip } from 'node:zlib'

import { decodeText } from '../base/bytes.ts'
import { canonicalUrl } from '../base/canonical-url.ts'
import { parseUrl, URL_MAX_LENGTH } from '../base/parse-url.ts'
import { ConnectorError } from '../errors.ts'
import type { CompileOptions } from '../model/compile-options.ts'
import { optionsKey, USUAL_OPTIONS } from '../model/compile-options.ts'
import type { UrlTarget } from '../parse/links.ts'

/** An overlay: its address, as of a document, or its text, known by its SHA-256 in hex. */
export type OverlayRequest =
  | { readonly url: string }
  | { readonly text: string; readonly hash: string }

export type DocumentRequest = {
  /** An http or https URL, `sample:<name>`, `sample:/<path>` for a file beside the samples, or `kept:<id>`. */
  readonly location: string
  /** Bearer token, sent to the origin of the location, and to the addresses of the overlays. */
  readonly token: string | null
  /** Applied to the document in this order. Default: none. */
  readonly overlays?: readonly OverlayRequest[]
  /** Default `USUAL_OPTIONS`. */
  readonly compiling?: CompileOptions
}

/** The hosted bytes of a document, compressed with gzip. */
export type PackedText = Uint8Array

/** The text of a document and what is needed to parse it. */
export type SourceText = {
  /** URL after redirects, without query; `sample:<name>` for a sample, `kept:<hash>` for a kept text. */
  readonly url: string
  /** Base URL of its relative references. It has the query, so it must not be shown. */
  readonly base: string
  readonly packed: PackedText
  readonly contentType: string | null
}

/** Code of the problem that prevented revalidation, and the age of the copy in use. */
export type Staleness = { readonly reason: string; readonly ageSeconds: number }

/** A document as its server sent it, or its last good copy. */
export type SourceDocument = SourceText & {
  /** As of `textKey`. */
  readonly key: string
  /** SHA-256 of the hosted bytes, in hex. */
  readonly hash: string
  /** When its server last sent or confirmed it, in milliseconds since 1970. */
  readonly fetchedAt: number
  /** Set when it could not be revalidated. */
  readonly stale: Staleness | null
}

/** The overlays of a document, in their order. */
export type Overlays<Text = SourceText> = {
  readonly texts: readonly Text[]
  /** The location of the document as it was asked for, which an overlay may say it extends. */
  readonly location: string
}

export type StaleText = Pick<SourceDocument, 'url' | 'stale'>

/** All parts of a document, in the order of its references. */
export type GatheredParts = {
  readonly parts: readonly SourceDocument[]
  /** Target of each URL that the document or a part refers to. */
  readonly targets: ReadonlyMap<string, UrlTarget>
}

export const SAMPLE_SCHEME = 'sample:'
export const KEPT_SCHEME = 'kept:'

const HTTP: ReadonlySet<string> = new Set(['http:', 'https:'])

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** Compresses the bytes of a document off the event loop. */
export function packText(bytes: Uint8Array): Promise<PackedText> {
  return compress(bytes, { level: constants.Z_BEST_SPEED })
}

/** Blocks the event loop while it unpacks. */
export function unpackText(packed: PackedText): string {
  return decodeText(gunzipSync(packed))
}

/** Unpacks a text off the event loop; null for one of more bytes. */
export async function unpackWithin(packed: PackedText, maxBytes: number): Promise<string | null> {
  const bytes = await decompress(packed, { maxOutputLength: maxBytes }).catch(() => null)
  return bytes && decodeText(bytes)
}

/** What a text is read as. */
export type TextUse = 'document' | 'part' | 'overlay'

/**
 * The key under which a text is kept. It depends on the token, so that a text read with a token is served
 * to callers with that token only. Parts and overlays have separate keys, because they are no documents.
 *
 * @throws ConnectorError `URL_INVALID`; `CONFIG_INVALID` for a token that no header can hold.
 */
export function textKey({ location, token }: DocumentRequest, use: TextUse): string {
  const isOurs = [SAMPLE_SCHEME, KEPT_SCHEME].some(scheme => location.startsWith(scheme))
  if (isOurs && location.length <= URL_MAX_LENGTH) return location
  const url = documentUrl(location)
  refuseMalformedToken(token)
  return sha256(JSON.stringify(use === 'document' ? [url, token] : [url, token, use]))
}

/**
 * The key of a model, equal for equal documents with equal overlays and parts. It includes the URL, which is the
 * base of a relative server and appears in diagnostics.
 *
 * @param gathered Null for a document without references to others.
 * @param options.compiling Default `USUAL_OPTIONS`.
 * @param options.overlays Null for none, which is the default.
 */
export function modelKey(
  { hash, url }: Pick<SourceDocument, 'hash' | 'url'>,
  gathered: GatheredParts | null,
  { compiling = USUAL_OPTIONS, overlays = null }: ModelOptions<SourceDocument> = {}
): string {
  const changed = overlays === null ? '' : ` ${overlaysKey(overlays)}`
  const key = optionsKey(compiling)
  const own = `${hash} ${url}${key === '' ? '' : ` ${key}`}${changed}`
  if (gathered === null) return own
  const parts = gathered.parts.map(part => [part.base, part.hash])
  return `${own} ${sha256(JSON.stringify([parts, [...gathered.targets]]))}`
}

/** What a model depends on besides the document and its parts. */
export type ModelOptions<Text = SourceText> = {
  /** Default `USUAL_OPTIONS`. */
  readonly compiling?: CompileOptions
  readonly overlays?: Overlays<Text> | null
}

/** Equal for equal overlays from equal addresses. */
export function overlaysKey({ location, texts }: Overlays<SourceDocument>): string {
  const parts = texts.map(({ base, hash, contentType }) => [base, hash, contentType])
  return sha256(JSON.stringify([canonicalLocation(location), parts]))
}

/** Parses a location. @returns Its URL without fragment. @throws ConnectorError `URL_INVALID`. */
export function documentUrl(location: string): string {
  const url = parseUrl(location.trim())
  const usable =
    url !== null && HTTP.has(url.protocol) && url.username === '' && url.password === ''
  if (!usable) throw new ConnectorError('URL_INVALID', { name: redactLocation(location) })
  url.hash = ''
  return url.href
}

/**
 * The canonical form of a location, equal for URLs that name the same document (RFC 3986 6.2.2). Anything but an
 * http or https URL stays as it is.
 */
export function canonicalLocation(location: string): string {
  const text = location.trim()
  const url = URL.parse(text)
  return url !== null && HTTP.has(url.protocol) ? canonicalUrl(url) : text
}

/** Removes user information, query and fragment, which may hold secrets. */
function redactLocation(location: string): string {
  const shown = location.trim().split(/[?#]/, 1)[0] ?? ''
  const at = shown.lastIndexOf('@')
  return (at === -1 ? shown : `***${shown.slice(at)}`).slice(0, 200)
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
