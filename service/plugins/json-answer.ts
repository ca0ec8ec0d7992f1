import { Readable } from 'node:stream'

import type { FastifyReply } from 'fastify'

/** Bytes that are written in one iteration of the event loop. */
const SLICE_BYTES = 256 * 1024

/**
 * Returns serialized JSON as a handler's answer. Pieces are streamed, so that a large answer is neither
 * copied nor written at once.
 *
 * @param json In UTF-8.
 */
export function jsonAnswer(
  reply: FastifyReply,
  json: Buffer | readonly Uint8Array[]
): Buffer | Readable {
  reply.type('application/json; charset=utf-8')
  if (Buffer.isBuffer(json)) return json
  reply.header(
    'content-length',
    json.reduce((sum, { length }) => sum + length, 0)
  )
  return Readable.from(slices(json))
}

function* slices(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += SLICE_BYTES) {
      yield piece.subarray(at, at + SLICE_BYTES)
    }
  }
}
