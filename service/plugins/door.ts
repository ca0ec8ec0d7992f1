import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { ConnectorError } from '../errors.ts'
import type { Settings } from '../settings.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served to anybody, also without the door's credentials: health. */
    isPublic?: boolean
  }
  interface FastifyRequest {
    /** Hash of the path token that opened the door; null where none did. */
    doorToken: string | null
  }
}

type DoorSettings = Pick<
  Settings,
  'BASE_PATH' | 'CONNECTOR_USERNAME' | 'CONNECTOR_PASSWORD' | 'CONNECTOR_TOKENS'
>

/** What a request needs of its address before it is routed. */
type Addressed = { readonly url?: string | undefined }

export type Door = {
  /**
   * The address that is routed: that of the request without the prefix `/k/<token>` of a token that
   * opens the door, and without what stands in its place or is a token elsewhere. Nothing after it ever
   * sees one.
   */
  rewriteUrl(raw: Addressed): string
  /**
   * Whether a request may not come in: DOOR_CLOSED, whatever it asked for and whatever it lacks; null
   * when it may. Says on `reply` how to log in.
   */
  refusal(request: FastifyRequest, reply: FastifyReply): ConnectorError | null
  /** Hash of the path token that opened the door for a request; null where none did. */
  tokenOf(raw: Addressed): string | null
}

/** RFC 7617 2 and 2.1. */
const CHALLENGE = 'Basic realm="openapi-flow-connector", charset="UTF-8"'

/** Stands where a token stood. */
const MASK = '***'

/**
 * The door before every route that is not public (design 4): the basic login of `CONNECTOR_USERNAME` and
 * `CONNECTOR_PASSWORD`, or one of `CONNECTOR_TOKENS` in the path. Either opens it; with neither it is open.
 */
export function createDoor(settings: DoorSettings): Door {
  const { BASE_PATH, CONNECTOR_USERNAME, CONNECTOR_PASSWORD, CONNECTOR_TOKENS } = settings
  const digest = createDigest()
  const tokens = CONNECTOR_TOKENS.split(',').flatMap(token => token.trim() || [])
  // the longest first, as one may be a part of another
  const maskable = tokens.toSorted((a, b) => b.length - a.length)
  const keys = tokens.map(token => ({ digest: digest(token), hash: tokenHash(token) }))
  const login = { user: digest(CONNECTOR_USERNAME), password: digest(CONNECTOR_PASSWORD) }
  const hasLogin = CONNECTOR_USERNAME !== ''
  const isOpen = !hasLogin && tokens.length === 0
  const base = BASE_PATH.split('/').map(RegExp.escape).join('/+')
  const prefix = new RegExp(`^${base}/+k/+(?<token>[^/?#]+)(?<rest>.*)$`)
  const tokenPlace = new RegExp(`^((?:${base})?/+k/+)[^/?#]+`, 'i')
  const entered = new WeakMap<Addressed, string>()

  const hashOf = (token: string): string | null => {
    if (keys.length === 0) return null
    const given = digest(token)
    // Every key is compared, so that time does not tell which was nearly right.
    const opened = keys.filter(key => timingSafeEqual(key.digest, given))
    return opened[0]?.hash ?? null
  }
  const isLoggedIn = (header: string | undefined): boolean => {
    const [user, password] = readBasic(header)
    const isUser = timingSafeEqual(login.user, digest(user))
    const isPassword = timingSafeEqual(login.password, digest(password))
    return isUser && isPassword
  }
  const masked = (url: string): string =>
    maskable.reduce((text, token) => text.replaceAll(token, MASK), url)

  return {
    rewriteUrl(raw) {
      const target = originForm(raw.url ?? '/')
      const { token = '', rest = '' } = prefix.exec(target)?.groups ?? {}
      const hash = hashOf(decoded(token))
      if (hash === null) return masked(target.replace(tokenPlace, `$1${MASK}`))
      entered.set(raw, hash)
      return masked(`${BASE_PATH}${rest.startsWith('/') ? '' : '/'}${rest}`)
    },
    refusal(request, reply) {
      const { isPublic } = request.routeOptions.config
      if (isOpen || isPublic === true || entered.has(request.raw)) return null
      if (hasLogin && isLoggedIn(request.headers.authorization)) return null
      if (hasLogin) reply.header('WWW-Authenticate', CHALLENGE)
      return new ConnectorError('DOOR_CLOSED')
    },
    tokenOf: raw => entered.get(raw) ?? null
  }
}

/** Lets nothing of a request be read before the door let it in. */
export function addDoor(app: FastifyInstance, door: Door): void {
  app.decorateRequest('doorToken', null)
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = door.refusal(request, reply)
    if (refusal === null) request.doorToken = door.tokenOf(request.raw)
    done(refusal ?? undefined)
  })
}

/** What an operator is to be told of the door at the start, a line each. */
export function doorNotices(settings: DoorSettings): readonly string[] {
  const hasLogin = settings.CONNECTOR_USERNAME !== ''
  if (!hasLogin && settings.CONNECTOR_TOKENS === '') {
    return [
      'warning: whoever reaches this service can use it; set CONNECTOR_TOKENS, or CONNECTOR_USERNAME and CONNECTOR_PASSWORD'
    ]
  }
  if (!hasLogin) return []
  return [
    'note: with a basic login the platform may not say who runs a flow; where flows log in, give it the address with /k/<token> of CONNECTOR_TOKENS'
  ]
}

/** Digests of equal length under a key of this process, so that comparing them tells nothing. */
function createDigest(): (text: string) => Buffer {
  const key = randomBytes(32)
  return text => createHmac('sha256', key).update(text).digest()
}

/** What a token is called where it may be seen; the same on every replica. */
function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url').slice(0, 16)
}

/** User and password of a basic login (RFC 7617 2); blank ones for none. */
function readBasic(header: string | undefined): readonly [user: string, password: string] {
  const [, encoded = ''] = /^basic +(\S+) *$/i.exec(header ?? '') ?? []
  const text = Buffer.from(encoded, 'base64').toString()
  const at = text.indexOf(':')
  return at === -1 ? ['', ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** A request's target without the origin that it may name (RFC 9112 3.2.2). */
function originForm(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '')
  return path.startsWith('/') || path === target ? path : `/${path}`
}

/** Clients may write any character percent-encoded. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
