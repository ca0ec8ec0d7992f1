import { createHash } from 'node:crypto'

import type { FastifyReply, FastifyRequest } from 'fastify'

/** Sends a file that callers keep and confirm by its entity tag (RFC 9110 8.8.3). */
export function taggedAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  bytes: Uint8Array,
  mediaType: string
): FastifyReply {
  const tag = `"${createHash('sha256').update(bytes).digest('base64url')}"`
  reply.header('etag', tag).header('cache-control', 'no-cache')
  if (knownTags(request.headers['if-none-match']).includes(tag)) return reply.code(304).send()
  return reply.type(mediaType).send(Buffer.from(bytes))
}

/** Entity tags of an `If-None-Match`, which uses the weak comparison (RFC 9110 13.1.2). */
function knownTags(header: string | undefined): string[] {
  return (header ?? '').split(',').map(tag => tag.trim().replace(/^W\//, ''))
}
