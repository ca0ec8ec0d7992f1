import { Readable } from 'node:stream'

import type { FastifyReply } from 'fastify'

/**
 * Gives JSON that is written already, in UTF-8, as the answer of a handler. One that is in pieces goes out
 * piece by piece, so that a large one is neither copied nor written at once.
 */
export function jsonAnswer(
  reply: FastifyReply,
  written: Buffer | readonly Uint8Array[]
): Buffer | Readable {
  reply.type('application/json; charset=utf-8')
  if (Buffer.isBuffer(written)) return written
  reply.header(
    'content-length',
    written.reduce((sum, { length }) => sum + length, 0)
  )
  return Readable.from(written)
}
