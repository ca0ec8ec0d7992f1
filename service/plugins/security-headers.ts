import type { FastifyInstance } from 'fastify'

/**
 * Headers of every answer, by lower-case name. A route may override them. By default no answer may act as a
 * page or be cached, and no referrer is sent, since the URL may contain a path token.
 */
export const SECURITY_HEADERS: { readonly [name: string]: string } = {
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store'
}

const HEADERS = Object.entries(SECURITY_HEADERS)

/** Adds the headers that a route does not set itself. */
export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (_, reply, payload, done) => {
    for (const [name, value] of HEADERS) {
      if (!reply.hasHeader(name)) reply.header(name, value)
    }
    done(null, payload)
  })
}
