import type { FastifyInstance, FastifyRequest } from 'fastify'

import { isJsonMediaType } from '../base/media-type.ts'
import { ConnectorError } from '../errors.ts'

const UTF_8 = new TextDecoder('utf-8', { fatal: true })

/**
 * Parses bodies as JSON in UTF-8, whatever charset the content type names (RFC 8259 8.1, 11), and also
 * without a content type. An empty body is null. Numbers lose no digits of a flow's values, which the
 * platform sends as text (docs/protocol.md#values).
 *
 * Answers BODY_NOT_JSON, and BODY_TOO_DEEP past `maxDepth` levels of nesting.
 */
export function addBodyParser(app: FastifyInstance, maxDepth: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes: Buffer, done) => {
      if (request.is404 || bytes.length === 0) return done(null, null)
      const type = request.headers['content-type']
      const body = type === undefined || isJsonMediaType(type) ? parsed(bytes) : undefined
      if (body === undefined) return done(new ConnectorError('BODY_NOT_JSON'))
      if (isDeeperThan(body, maxDepth)) {
        return done(new ConnectorError('BODY_TOO_DEEP', { limit: maxDepth }))
      }
      done(null, body)
    }
  )
}

/** Undefined for invalid JSON or UTF-8. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(UTF_8.decode(bytes))
  } catch {
    return undefined
  }
}

/**
 * Whether a body is nested deeper than `limit` levels; a list or an object is one level. Iterates instead of
 * recursing, since a deep body would overflow the stack.
 */
export function isDeeperThan(body: unknown, limit: number): boolean {
  let level = isContainer(body) ? [body] : []
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > limit) return true
    const below: object[] = []
    for (const container of level) {
      for (const value of Object.values(container)) if (isContainer(value)) below.push(value)
    }
    level = below
  }
  return false
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
