import type { Settings } from '../settings.ts'
import type { ControlClient, ControlResponse } from './control-client.ts'
import { ConnectorError } from '../errors.ts'
import { bareUrl } from '../base/bare-url.ts'
import { withDeadline } from '../time/deadline.ts'
import { documentFailure } from './failure.ts'

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

export type DocumentFetch = {
  /** Absolute, http or https, without user information. */
  readonly url: string
  /** Bearer token; it goes to this URL's origin only. */
  readonly token: string | null
  readonly validators: Validators | null
}

export type FetchedDocument = Validators & {
  /** 304: it is what the validators stand for, and there are no bytes. */
  readonly status: 200 | 304
  readonly contentType: string | null
  /** As they were hosted, without a content coding. */
  readonly bytes: Uint8Array
}

/** The door through which documents are fetched. */
export type DocumentClient = {
  /**
   * Fetches a document, by up to three redirects.
   *
   * @throws ConnectorError `EGRESS_DENIED`, `DNS_TIMEOUT`, `DOCUMENT_UNREACHABLE`,
   *   `DOCUMENT_CONNECT_TIMEOUT`, `DOCUMENT_TIMEOUT`, `DOCUMENT_TOO_LARGE`, `DOCUMENT_STATUS` for an
   *   answer other than 2xx, `DOCUMENT_REDIRECT` for one redirect too many, or one from https to http.
   */
  fetch(request: DocumentFetch): Promise<FetchedDocument>
}

const REDIRECTS_MAX = 3
const REDIRECTS = [301, 302, 303, 307, 308]
const ACCEPT =
  'application/vnd.oai.openapi+json, application/vnd.oai.openapi, application/yaml, ' +
  'application/json, application/x-yaml, text/yaml, */*;q=0.5'

/**
 * Fetches documents through a control client.
 *
 * The whole fetch with its redirects is limited by `UPSTREAM_TIMEOUT_MS`, the decompressed document by
 * `DOCUMENT_MAX_BYTES`.
 */
export function createDocumentClient(
  client: ControlClient,
  limits: DocumentLimits
): DocumentClient {
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
    }
  }
}

async function followRedirects(
  client: ControlClient,
  request: DocumentFetch,
  limits: DocumentLimits,
  signal: AbortSignal
): Promise<FetchedDocument> {
  const start = new URL(request.url)
  let url = start
  let token = request.token
  for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
    const asked = request.validators?.url === url.href ? request.validators : null
    const response = await fetchHop(client, url, token, asked, limits, signal)
    const { status } = response
    if (status === 304 && asked !== null) {
      return { ...describeFetched(url, response), status, bytes: new Uint8Array() }
    }
    if (status >= 200 && status < 300) {
      return { ...describeFetched(url, response), status: 200, bytes: response.body }
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
  client: ControlClient,
  url: URL,
  token: string | null,
  validators: Validators | null,
  limits: DocumentLimits,
  signal: AbortSignal
): Promise<ControlResponse> {
  const headers = {
    accept: ACCEPT,
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(validators?.etag != null && { 'if-none-match': validators.etag }),
    ...(validators?.lastModified != null && { 'if-modified-since': validators.lastModified })
  }
  const maxBytes = limits.DOCUMENT_MAX_BYTES
  const wantsBody = (status: number): boolean => status < 300
  const request = { method: 'GET', url, headers, body: null, maxBytes, wantsBody } as const
  try {
    return await client.send(request, signal)
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

function describeFetched(
  url: URL,
  { headers }: ControlResponse
): Omit<FetchedDocument, 'status' | 'bytes'> {
  return {
    url: url.href,
    contentType: headers['content-type'] ?? null,
    etag: headers.etag ?? null,
    lastModified: headers['last-modified'] ?? null
  }
}
