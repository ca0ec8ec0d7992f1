import { LRUCache } from 'lru-cache'
import type { AuthorizationServer, ClientAuth } from 'oauth4webapi'
import { ClientSecretPost, None } from 'oauth4webapi'

import { entriesUpTo } from '../base/entries-up-to.ts'
import type { OAuthClientRecord } from '../model/oauth-client-record.ts'
import type { ApiAccess } from '../plan/types.ts'

/** The ways in which the client proves to a token endpoint who it is (RFC 6749 2.3.1), in the order of trial. */
const WAYS = ['encoded header', 'plain header', 'body'] as const

type Way = (typeof WAYS)[number]

/** One way for one client. */
export type ClientProof = {
  readonly authenticate: ClientAuth
  /** The provider took it before from the same client. */
  readonly isKnown: boolean
  /** Remembers that the provider took it, so that it is tried first from then on. */
  worked(): void
}

/** A token endpoint's metadata (RFC 8414), and the client that requests tokens from it. */
export type ProvenEndpoint = {
  readonly server: AuthorizationServer
  readonly client: NonNullable<ApiAccess['client']>
  /** The only way, as `x-flow-identity.clientAuth` declares it; null where none is declared. */
  readonly clientAuth: OAuthClientRecord['auth']
}

/** Lists the ways to try, the most promising one first. */
export type ClientProofs = (endpoint: ProvenEndpoint) => readonly ClientProof[]

/** How many endpoints are remembered. */
const REMEMBERED_MAX = 5_000

/**
 * Creates the list of ways, with a memory of those that worked: for the same client at a token endpoint, else for
 * any other client there.
 */
export function createClientProofs(): ClientProofs {
  const known = new LRUCache<string, Way>(entriesUpTo(REMEMBERED_MAX))
  return ({ server, client: { id, secret }, clientAuth }) => {
    if (secret === null) return [{ authenticate: None(), isKnown: false, worked() {} }]
    const url = server.token_endpoint ?? server.issuer
    const own = JSON.stringify([url, id])
    const allowed = allowedWays(server, clientAuth).filter(way => !isPointless(way, id, secret))
    const first = known.get(own) ?? known.get(url)
    const isFirst = (way: Way): boolean => way === first
    const ways = [...allowed.filter(isFirst), ...allowed.filter(way => !isFirst(way))]
    return ways.map(way => ({
      authenticate: authentication(way, secret),
      isKnown: known.get(own) === way,
      worked() {
        known.set(own, way)
        known.set(url, way)
      }
    }))
  }
}

/**
 * The ways of the declared word, else those that the metadata allow; all if it says nothing, or nothing that is
 * spoken here.
 */
function allowedWays(
  { token_endpoint_auth_methods_supported: known }: AuthorizationServer,
  declared: OAuthClientRecord['auth']
): Way[] {
  if (declared !== null) return WAYS.filter(way => (way === 'body') === (declared === 'post'))
  // The metadata is not validated: any member may be of any type.
  if (!Array.isArray(known)) return [...WAYS]
  const takesBody = known.includes('client_secret_post')
  const takesHeader = known.includes('client_secret_basic') || !takesBody
  return WAYS.filter(way => (way === 'body' ? takesBody : takesHeader))
}

/** A header that encoding does not change need not be tried twice. */
function isPointless(way: Way, id: string, secret: string): boolean {
  return way === 'plain header' && formEncoded(id) === id && formEncoded(secret) === secret
}

function authentication(way: Way, secret: string): ClientAuth {
  if (way === 'body') return ClientSecretPost(secret)
  const written = way === 'encoded header' ? formEncoded : (text: string) => text
  return (_, { client_id }, __, headers) => {
    const pair = `${written(client_id)}:${written(secret)}`
    headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`)
  }
}

/**
 * Form encoding (URL Standard 5.2). oauth4webapi also encodes `- . _ *`, which the many providers that do not
 * decode the header would then not recognize.
 */
function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length)
}
