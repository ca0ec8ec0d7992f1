import { Readable } from 'node:stream'

import type { FastifyReply } from 'fastify'

/**
 * Gives JSON text in UTF-8 as the answer of a handler, piece by piece, so that a large one is neither copied
 * nor written at once.
 */
export function jsonAnswer(
  reply: Pick<FastifyReply, 'headers'>,
  pieces: readonly Uint8Array[]
): Readable {
  reply.headers({
    'content-type': 'application/json; charset=utf-8',
    'content-length': pieces.reduce((sum, piece) => sum + piece.length, 0)
  })
  return Readable.from(pieces)
}
