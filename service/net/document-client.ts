import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'

import type { Got, Response } from 'got'
import got from 'got'

import type { Settings } from '../settings.ts'
import { ConnectorError } from '../errors.ts'
import { bareUrl } from './bare-url.ts'
import { ACCEPT_ENCODING, decodedBody } from './content-coding.ts'
import { withDeadline } from './deadline.ts'
import { documentFailure } from './failure.ts'
import { USER_AGENT } from './user-agent.ts'

export type DocumentLimits = Pick<
  Settings,
  'CONNECT_TIMEOUT_MS' | 'UPSTREAM_TIMEOUT_MS' | 'DOCUMENT_MAX_BYTES'
>

/** What a server said about a document's version, and which URL said it (RFC 9110 8.8). */
export type Validators = {
  /** After redirects; the validators are sent to this URL and no other. */
  readonly url: string
  readonly etag: string | null
  readonly lastModified: string | null
}

export type DocumentRequest = {
  /** Absolute, http or https, without user information. */
  readonly url: string
  /** Bearer token; it goes to this URL's origin only. */
  readonly token: string | null
  readonly validators: Validators | null
}

export type FetchedDocument = Validators & {
  /** 304: it is what the validators stand for, and `text` is blank. */
  readonly status: 200 | 304
  readonly contentType: string | null
  readonly text: string
}

/** The door through which documents are fetched. */
export type DocumentClient = {
  /**
   * Fetches a document, by up to three redirects.
   *
   * @throws ConnectorError `DOCUMENT_UNREACHABLE`, `DOCUMENT_CONNECT_TIMEOUT`, `DOCUMENT_TIMEOUT`,
   *   `DOCUMENT_TOO_LARGE`, `DOCUMENT_STATUS` for an answer other than 2xx, `DOCUMENT_REDIRECT` for
   *   one redirect too many, or one from https to http.
   */
  fetch(request: DocumentRequest): Promise<FetchedDocument>
  /** Ends all connections and the fetches that are still running on them. */
  close(): void
}

const REDIRECTS_MAX = 3
const REDIRECTS = [301, 302, 303, 307, 308]
const ACCEPT =
  'application/vnd.oai.openapi+json, application/vnd.oai.openapi, application/yaml, ' +
  'application/json, application/x-yaml, text/yaml, */*;q=0.5'

type Hop = { readonly response: Response; readonly bytes: Uint8Array }

/**
 * A client with connections of its own.
 *
 * Each phase of connecting is limited by `CONNECT_TIMEOUT_MS`, the whole fetch with its redirects by
 * `UPSTREAM_TIMEOUT_MS`, the decompressed document by `DOCUMENT_MAX_BYTES`.
 */
export function createDocumentClient(limits: DocumentLimits): DocumentClient {
  const agent = { http: new HttpAgent(), https: new HttpsAgent() }
  const connect = limits.CONNECT_TIMEOUT_MS
  const client = got.extend({
    agent,
    followRedirect: false,
    retry: { limit: 0 },
    throwHttpErrors: false,
    timeout: { lookup: connect, connect, secureConnect: connect },
    headers: { accept: ACCEPT, 'accept-encoding': ACCEPT_ENCODING, 'user-agent': USER_AGENT },
    // The client would undo any number of codings on top of each other.
    decompress: false
  })
  return {
    fetch(request) {
      const start = new URL(request.url)
      const late = () =>
        new ConnectorError('DOCUMENT_TIMEOUT', {
          url: bareUrl(start),
          limit: limits.UPSTREAM_TIMEOUT_MS
        })
      return withDeadline(limits.UPSTREAM_TIMEOUT_MS, null, late, deadline =>
        followRedirects(client, request, limits, deadline)
      )
    },
    close() {
      agent.http.destroy()
      agent.https.destroy()
    }
  }
}

async function followRedirects(
  client: Got,
  request: DocumentRequest,
  limits: DocumentLimits,
  signal: AbortSignal
): Promise<FetchedDocument> {
  const start = new URL(request.url)
  let url = start
  let token = request.token
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const asked = request.validators?.url === url.href ? request.validators : null
    const { response, bytes } = await fetchHop(client, url, token, asked, limits, signal)
    const status = response.statusCode
    if (status === 304 && asked !== null) {
      return { ...fetched(url, response), status, text: '' }
    }
    if (status >= 200 && status < 300) {
      return { ...fetched(url, response), status: 200, text: decodedText(bytes) }
    }
    if (!REDIRECTS.includes(status)) {
      throw new ConnectorError('DOCUMENT_STATUS', { status, url: bareUrl(url) })
    }
    const next = redirectTarget(url, response.headers.location)
    if (next.origin !== url.origin) token = null
    url = next
  }
  throw new ConnectorError('DOCUMENT_REDIRECT', { url: bareUrl(start) })
}

async function fetchHop(
  client: Got,
  url: URL,
  token: string | null,
  validators: Validators | null,
  limits: DocumentLimits,
  signal: AbortSignal
): Promise<Hop> {
  try {
    const stream = client.stream(url, {
      signal,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(validators?.etag != null && { 'if-none-match': validators.etag }),
        ...(validators?.lastModified != null && { 'if-modified-since': validators.lastModified })
      }
    })
    let response: Response | undefined
    stream.once('response', (first: Response) => {
      response = first
    })
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of stream) {
      // The body of a redirect or a refusal is of no use; leaving the loop ends the connection.
      if (response === undefined || response.statusCode >= 300) break
      size += chunk.length
      if (size > limits.DOCUMENT_MAX_BYTES) {
        const holes = { url: bareUrl(url), limit: limits.DOCUMENT_MAX_BYTES }
        throw new ConnectorError('DOCUMENT_TOO_LARGE', holes)
      }
      chunks.push(chunk)
    }
    if (response === undefined) throw new Error('the stream ended without an answer')
    const coding = response.headers['content-encoding'] ?? ''
    const bytes = await decodedBody(Buffer.concat(chunks), coding, limits.DOCUMENT_MAX_BYTES)
    return { response, bytes }
  } catch (error) {
    throw documentFailure(error, url, limits)
  }
}

function redirectTarget(from: URL, location: string | undefined): URL {
  const next = location === undefined ? null : URL.parse(location, from.href)
  const followed =
    next !== null &&
    (next.protocol === 'https:' || (next.protocol === 'http:' && from.protocol === 'http:')) &&
    next.username === '' &&
    next.password === ''
  if (!followed) throw new ConnectorError('DOCUMENT_REDIRECT', { url: bareUrl(from) })
  next.hash = ''
  return next
}

function fetched(url: URL, response: Response): Omit<FetchedDocument, 'status' | 'text'> {
  return {
    url: url.href,
    contentType: response.headers['content-type'] ?? null,
    etag: response.headers.etag ?? null,
    lastModified: response.headers['last-modified'] ?? null
  }
}

/** UTF-8, or UTF-16 where a byte order mark says so; the mark itself is no part of the text. */
function decodedText(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}
