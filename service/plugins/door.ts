import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { percentDecoded } from '../base/percent-encoding.ts'
import { ConnectorError } from '../errors.ts'
import type { Settings } from '../settings.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served without connector credentials. */
    isPublic?: boolean
  }
  interface FastifyRequest {
    /** Hash of the request's path token; null without a valid one. */
    doorToken: string | null
  }
}

type DoorSettings = Pick<
  Settings,
  'BASE_PATH' | 'CONNECTOR_USERNAME' | 'CONNECTOR_PASSWORD' | 'CONNECTOR_TOKENS'
>

/** The part of an incoming message that is available before routing. */
type RawRequest = { readonly url?: string | undefined }

export type Door = {
  /**
   * Returns the URL to route, without the prefix `/k/<token>` of a valid token. Masks an invalid token in
   * that position and a valid one anywhere else, so that no later code or log sees either.
   */
  rewriteUrl(raw: RawRequest): string
  /**
   * Checks the credentials of a request. Returns DOOR_CLOSED and sets a challenge on `reply`, or null when
   * access is granted.
   */
  refusal(request: FastifyRequest, reply: FastifyReply): ConnectorError | null
  /** Hash of the request's path token; null without a valid one. */
  tokenOf(raw: RawRequest): string | null
}

/** RFC 7617 2 and 2.1. */
const CHALLENGE = 'Basic realm="openapi-flow-connector", charset="UTF-8"'

/** Replaces a token. */
const MASK = '***'

/**
 * Guards every route that is not public (docs/running.md#connector-credentials): requires the basic login of
 * `CONNECTOR_USERNAME` and `CONNECTOR_PASSWORD`, or one of `CONNECTOR_TOKENS` in the path. Open to all if
 * neither is set.
 */
export function createDoor(settings: DoorSettings): Door {
  const { BASE_PATH, CONNECTOR_USERNAME, CONNECTOR_PASSWORD, CONNECTOR_TOKENS } = settings
  const digest = createDigest()
  const tokens = tokensOf(CONNECTOR_TOKENS)
  // Longest first, since one may contain another.
  const maskable = tokens.toSorted((a, b) => b.length - a.length)
  const keys = tokens.map(token => ({ digest: digest(token), hash: tokenHash(token) }))
  const login = { user: digest(CONNECTOR_USERNAME), password: digest(CONNECTOR_PASSWORD) }
  const hasLogin = CONNECTOR_USERNAME !== ''
  const isOpen = !hasLogin && tokens.length === 0
  const base = BASE_PATH.split('/').map(RegExp.escape).join('/+')
  const prefix = new RegExp(`^${base}/+k/+(?<token>[^/?#]+)(?<path>.*)$`)
  const tokenSegment = new RegExp(`^((?:${base})?/+k/+)[^/?#]+`, 'i')
  const admitted = new WeakMap<RawRequest, string>()

  const hashOf = (token: string): string | null => {
    if (keys.length === 0) return null
    const given = digest(token)
    // Compares all tokens in constant time.
    const matching = keys.filter(key => timingSafeEqual(key.digest, given))
    return matching[0]?.hash ?? null
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
      const { token = '', path = '' } = prefix.exec(target)?.groups ?? {}
      const hash = hashOf(percentDecoded(token) ?? token)
      if (hash === null) return masked(target.replace(tokenSegment, `$1${MASK}`))
      admitted.set(raw, hash)
      return masked(`${BASE_PATH}${path.startsWith('/') ? '' : '/'}${path}`)
    },
    refusal(request, reply) {
      const { isPublic } = request.routeOptions.config
      if (isOpen || isPublic === true || admitted.has(request.raw)) return null
      if (hasLogin && isLoggedIn(request.headers.authorization)) return null
      if (hasLogin) reply.header('WWW-Authenticate', CHALLENGE)
      return new ConnectorError('DOOR_CLOSED')
    },
    tokenOf: raw => admitted.get(raw) ?? null
  }
}

/** Checks credentials before anything else of a request is read. */
export function addDoor(app: FastifyInstance, door: Door): void {
  app.decorateRequest('doorToken', null)
  app.addHook('onRequest', (request, reply, done) => {
    const refusal = door.refusal(request, reply)
    if (refusal === null) request.doorToken = door.tokenOf(request.raw)
    done(refusal ?? undefined)
  })
}

/** The share of a resource that whoever holds one credential may take, so that the others always have some. */
const SHARE_OF_SEVERAL = 3 / 4

/** The credentials of the connector. */
export type DoorCredentials = Pick<DoorSettings, 'CONNECTOR_TOKENS' | 'CONNECTOR_USERNAME'>

/**
 * The share of a resource that the holders of one credential may take: all of it if there is one credential only.
 * Each token is one, and so is the basic login.
 */
export function doorShare({ CONNECTOR_TOKENS, CONNECTOR_USERNAME }: DoorCredentials): number {
  const tokens = new Set(tokensOf(CONNECTOR_TOKENS))
  const count = tokens.size + (CONNECTOR_USERNAME === '' ? 0 : 1)
  return count > 1 ? SHARE_OF_SEVERAL : 1
}

/** Lines that tell an operator at start what the configured credentials imply. */
export function doorNotices(settings: DoorSettings): readonly string[] {
  const hasLogin = settings.CONNECTOR_USERNAME !== ''
  if (!hasLogin && settings.CONNECTOR_TOKENS === '') {
    return [
      'warning: anyone who can reach this service can use it; set CONNECTOR_TOKENS, or CONNECTOR_USERNAME and CONNECTOR_PASSWORD'
    ]
  }
  if (!hasLogin) return []
  return [
    'note: with a basic login the platform may not send the user who runs a flow; flows with a login need the address with /k/<token> of CONNECTOR_TOKENS'
  ]
}

function tokensOf(setting: string): string[] {
  return setting.split(',').flatMap(token => token.trim() || [])
}

/** Makes texts of different length comparable in constant time, by a keyed digest. */
function createDigest(): (text: string) => Buffer {
  const key = randomBytes(32)
  return text => createHmac('sha256', key).update(text).digest()
}

/** Identifies a token without revealing it; the same on every replica. */
function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('base64url').slice(0, 16)
}

/** User name and password of a basic login (RFC 7617 2); blank without one. */
function readBasic(header: string | undefined): readonly [user: string, password: string] {
  const [, encoded = ''] = /^basic +(\S+) *$/i.exec(header ?? '') ?? []
  const text = Buffer.from(encoded, 'base64').toString()
  const at = text.indexOf(':')
  return at === -1 ? ['', ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** The request target in origin form; it may be in absolute form (RFC 9112 3.2.2). */
function originForm(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '')
  return path.startsWith('/') ? path : `/${path}`
}
