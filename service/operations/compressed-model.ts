import { promisify } from 'node:util'
import { constants, gunzip, gzipSync } from 'node:zlib'

/**
 * A packed model as it crosses between processes and lies in Redis: its length in four bytes, least first,
 * and the model in gzip (RFC 1952).
 */
export type CompressedModel = Uint8Array

const LENGTH_BYTES = 4

const decompress = promisify(gunzip)

/** Takes its time with a large model. */
export function compressModel(packed: Uint8Array): CompressedModel {
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(packed.length)
  return Buffer.concat([length, gzipSync(packed, { level: constants.Z_BEST_SPEED })])
}

/** The packed model, off the event loop. */
export function decompressModel(compressed: CompressedModel): Promise<Uint8Array> {
  const bytes = Buffer.from(compressed.buffer, compressed.byteOffset, compressed.byteLength)
  // In one piece of the right size nothing has to be put together afterwards.
  const chunkSize = Math.max(MIN_CHUNK, bytes.readUInt32LE() + 1)
  return decompress(bytes.subarray(LENGTH_BYTES), { chunkSize })
}

/** The least that zlib takes. */
const MIN_CHUNK = 64
