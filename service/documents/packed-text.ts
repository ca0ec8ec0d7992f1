import { promisify } from 'node:util'
import { constants, gunzipSync, gzip } from 'node:zlib'

import { decodedText } from '../base/decoded-text.ts'

/** The hosted bytes of a document, compressed: texts are kept and sent a tenth as long as they are. */
export type PackedText = Uint8Array

const compress = promisify(gzip)

/** Packs the bytes of a document, off the event loop. */
export function packText(bytes: Uint8Array): Promise<PackedText> {
  return compress(bytes, { level: constants.Z_BEST_SPEED })
}

/** The text that was packed. It takes its time with a large one. */
export function unpackText(packed: PackedText): string {
  return decodedText(gunzipSync(packed))
}
