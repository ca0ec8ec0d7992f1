import { Readable } from 'node:stream'

import type { FastifyReply } from 'fastify'

/** Bytes that are written in one turn of the event loop. */
const SLICE_BYTES = 256 * 1024

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
  return Readable.from(slices(written))
}

function* slices(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += SLICE_BYTES) {
      yield piece.subarray(at, at + SLICE_BYTES)
    }
  }
}
