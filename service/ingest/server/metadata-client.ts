import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, textMember } from '../../base/json.ts'
import { percentEncoded } from '../../base/percent-encoding.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'
import { ConnectorError } from '../../errors.ts'
import type { Answer, Exchange } from '../../exchange/types.ts'
import { isFieldValue } from '../../plan/parameter-style.ts'
import { sendPlain } from './plain-call.ts'

/** A server of OpenMetadata, and who calls it. */
export type ServerAccess = {
  /** `hostPort` of the workflow file. */
  readonly url: string
  readonly apiVersion: string
  /** The token of a bot; null for none. */
  readonly token: string | null
  readonly headers: { readonly [name: string]: string }
}

type Query = { readonly [name: string]: string }

/** The calls of a server (docs/catalog.md#what-is-sent-where). Paths are below `/v1`. */
export type MetadataClient = {
  /** Host and port, for messages. */
  readonly host: string
  /** @returns Undefined where there is no such entity. */
  find(path: string, query?: Query): Promise<JsonObject | undefined>
  /** Reads all pages of a list. */
  list(path: string, query: Query): AsyncGenerator<JsonObject, void>
  /** Creates or changes an entity. @returns The entity, and whether it is new. */
  put(path: string, body: JsonObject): Promise<{ entity: JsonValue; isNew: boolean }>
  /** Changes members of an entity (RFC 6902). */
  patch(path: string, operations: readonly JsonObject[]): Promise<void>
  remove(path: string, query: Query): Promise<void>
}

/** Entities of one page. An entity has all fields of its schemas. */
const PAGE_SIZE = 100

/** Answers that are too large, so that a smaller page may do. */
const TOO_LARGE: ReadonlySet<string> = new Set(['UPSTREAM_TOO_LARGE', 'ANSWER_TOO_MANY_VALUES'])

/**
 * Makes the client of a server.
 *
 * @param signal Aborts all calls.
 * @throws ConnectorError of each call: `METADATA_DENIED` for a refused token, `METADATA_SERVER_WRONG` for an answer that is
 *   none of OpenMetadata's, `API_ERROR` for other refusals, and those of `exchange`.
 */
export function createMetadataClient(
  access: ServerAccess,
  exchange: Exchange,
  signal: AbortSignal
): MetadataClient {
  const base = `${trimTrailing(access.url, '/')}/${access.apiVersion}`
  const { host } = new URL(base)
  const { token } = access
  if (token !== null && !isFieldValue(token)) {
    throw new ConnectorError('METADATA_DENIED', { host, reason: 'no header can hold it' })
  }
  const send = async (
    method: string,
    path: string,
    query: Query = {},
    content: { readonly mediaType: string; readonly body: JsonValue } | null = null
  ): Promise<Answer> => {
    const pairs = Object.entries(query).map(([name, value]) => `${name}=${percentEncoded(value)}`)
    const call = {
      operation: `${method} ${kindOf(path)}`,
      method,
      url: `${base}/${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`,
      secretHeaders: {
        ...access.headers,
        ...(token !== null && { authorization: `Bearer ${token}` })
      },
      body: content && { mediaType: content.mediaType, text: JSON.stringify(content.body) }
    }
    try {
      return await sendPlain(exchange, call, signal)
    } catch (error) {
      throw serverFailure(error, host)
    }
  }
  return {
    host,
    async find(path, query) {
      try {
        const { body } = await send('GET', path, query)
        if (isJsonObject(body)) return body
      } catch (error) {
        if (statusOf(error) === 404) return undefined
        throw error
      }
      throw wrongServer(host, 'its answer is no object')
    },
    async *list(path, query) {
      let after: string | undefined
      let limit = PAGE_SIZE
      const seen = new Set<string>()
      for (;;) {
        const position: Query = after === undefined ? {} : { after }
        try {
          const { body } = await send('GET', path, { ...query, limit: `${limit}`, ...position })
          const data = member(body, 'data')
          if (!isJsonArray(data)) throw wrongServer(host, 'its list has no member `data`')
          for (const entity of data) if (isJsonObject(entity)) yield entity
          after = textMember(member(body, 'paging'), 'after')
        } catch (error) {
          // A server has no list for a service that it does not have.
          if (statusOf(error) === 404) return
          const isLarge = error instanceof ConnectorError && TOO_LARGE.has(error.code)
          if (!isLarge || limit === 1) throw error
          limit = Math.ceil(limit / 4)
          continue
        }
        if (after === undefined || after === '') return
        if (seen.has(after)) throw wrongServer(host, 'its list has the same page twice')
        seen.add(after)
      }
    },
    async put(path, body) {
      const content = { mediaType: 'application/json', body }
      const answer = await send('PUT', path, {}, content)
      return { entity: answer.body ?? null, isNew: answer.status === 201 }
    },
    async patch(path, operations) {
      await send('PATCH', path, {}, { mediaType: 'application/json-patch+json', body: operations })
    },
    async remove(path, query) {
      await send('DELETE', path, query)
    }
  }
}

/** A path without what differs between entities of a kind. */
function kindOf(path: string): string {
  return path.split('/', 2).join('/')
}

/** The status by which the server refused a call; undefined for other failures. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ConnectorError && error.code === 'API_ERROR' ? error.status : undefined
}

export function wrongServer(host: string, reason: string): ConnectorError {
  return new ConnectorError('METADATA_SERVER_WRONG', { host, reason })
}

/** A failure in words of the workflow file. */
function serverFailure(error: unknown, host: string): unknown {
  if (!(error instanceof ConnectorError)) return error
  const status = statusOf(error)
  if (status === 401 || status === 403) {
    return new ConnectorError('METADATA_DENIED', { host, reason: error.message })
  }
  return error.code === 'UPSTREAM_NOT_JSON' ? wrongServer(host, error.message) : error
}
