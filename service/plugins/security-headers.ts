import type { FastifyInstance } from 'fastify'

/**
 * Headers of every answer, by lower-case name. None is a page unless its route says so by a policy of its
 * own; none is kept by anyone on the way unless its route says that too; and the address, which may hold
 * a path token, is not told to others.
 */
export const SECURITY_HEADERS: { readonly [name: string]: string } = {
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store'
}

const HEADERS = Object.entries(SECURITY_HEADERS)

/** Adds them to what the routes answer, where a route does not say otherwise. */
export function addSecurityHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (_, reply, payload, done) => {
    for (const [name, value] of HEADERS) {
      if (!reply.hasHeader(name)) reply.header(name, value)
    }
    done(null, payload)
  })
}
