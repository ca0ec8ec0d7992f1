import type { Settings } from '../settings.ts'
import type { ControlClient, ControlResponse } from './control-client.ts'
import { ConnectorError } from '../errors.ts'
import { bareUrl } from '../base/bare-url.ts'
import { parseUrl } from '../base/parse-url.ts'
import { withDeadline } from '../time/deadline.ts'
import { documentFailure } from './failure.ts'
import type { ResponseBytes } from './response-budget.ts'

export type DocumentLimits = Pick<
  Settings,
  'CONNECT_TIMEOUT_MS' | 'UPSTREAM_TIMEOUT_MS' | 'DOCUMENT_MAX_BYTES'
>

/** Validators of a document (RFC 9110 8.8). */
export type Validators = {
  /** URL after redirects. The validators are sent to this URL only. */
  readonly url: string
  readonly etag: string | null
  readonly lastModified: string | null
}

export type DocumentFetch = {
  /** Absolute, http or https, without user information. */
  readonly url: string
  /** Bearer token, sent to the origin of this URL only. */
  readonly token: string | null
  readonly validators: Validators | null
  /** What its bytes count for. The caller gives them back. Default: nothing. */
  readonly held?: ResponseBytes
}

export type FetchedDocument = Validators & {
  /** 304: not modified, `bytes` is empty. */
  readonly status: 200 | 304
  readonly contentType: string | null
  /** Without content coding. */
  readonly bytes: Uint8Array
}

export type DocumentClient = {
  /**
   * Fetches a document, following up to three redirects.
   *
   * @throws ConnectorError `EGRESS_DENIED`, `DNS_TIMEOUT`, `DOCUMENT_UNREACHABLE`,
   *   `DOCUMENT_CONNECT_TIMEOUT`, `DOCUMENT_TIMEOUT`, `DOCUMENT_TOO_LARGE`, `FETCHES_FULL`, `DOCUMENT_STATUS` for a
   *   status other than 2xx, `DOCUMENT_REDIRECT` for too many redirects, or one from https to http.
   */
  fetch(request: DocumentFetch): Promise<FetchedDocument>
}

const REDIRECTS_MAX = 3
const REDIRECTS = [301, 302, 303, 307, 308]
const ACCEPT =
  'application/vnd.oai.openapi+json, application/vnd.oai.openapi, application/yaml, ' +
  'application/json, application/x-yaml, text/yaml, */*;q=0.5'

/** `UPSTREAM_TIMEOUT_MS` limits a fetch with its redirects, `DOCUMENT_MAX_BYTES` the decompressed document. */
export function createDocumentClient(
  client: ControlClient,
  limits: DocumentLimits
): DocumentClient {
  return {
    fetch(request) {
      const start = new URL(request.url)
      const timeoutError = () =>
        new ConnectorError('DOCUMENT_TIMEOUT', {
          url: bareUrl(start),
          limit: limits.UPSTREAM_TIMEOUT_MS
        })
      return withDeadline(limits.UPSTREAM_TIMEOUT_MS, null, timeoutError, deadline =>
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
    const validators = request.validators?.url === url.href ? request.validators : null
    const response = await fetchHop(client, { ...request, url, token, validators }, limits, signal)
    const { status } = response
    if (status === 304 && validators !== null) {
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

/** One call of a fetch. */
type Hop = Omit<DocumentFetch, 'url'> & { readonly url: URL }

async function fetchHop(
  client: ControlClient,
  { url, token, validators, held }: Hop,
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
  const request = { method: 'GET', url, headers, body: null, maxBytes, wantsBody, held } as const
  try {
    return await client.send(request, signal)
  } catch (error) {
    throw documentFailure(error, url, limits)
  }
}

function redirectTarget(from: URL, location: string | undefined): URL {
  const next = location === undefined ? null : parseUrl(location, from.href)
  const isAllowed =
    next !== null &&
    (next.protocol === 'https:' || (next.protocol === 'http:' && from.protocol === 'http:')) &&
    next.username === '' &&
    next.password === ''
  if (!isAllowed) throw new ConnectorError('DOCUMENT_REDIRECT', { url: bareUrl(from) })
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
