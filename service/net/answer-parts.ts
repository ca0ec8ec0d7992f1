/** Short chunks of one answer, at most. Each is an event, however little it brings and however much is around it. */
const PARTS_MAX = 20_000

/** A chunk of fewer bytes is short. What the network cuts off is longer. */
const SHORT_BYTES = 512

/** As many parts as an interim response (RFC 9110 15.2) counts. */
const INTERIM_PARTS = 4

/** The parts of an answer are more than those of an answer that somebody wants to be read. */
export class TooManyPartsError extends Error {
  override readonly name = 'TooManyPartsError'
  readonly code = 'ERR_TOO_MANY_PARTS'
}

/** Counts the parts in which one answer comes. */
export type PartsCounter = {
  /** Counts a chunk of so many bytes. @returns Whether it is one too many. */
  chunk(bytes: number): boolean
  /** Counts an interim response. @returns Whether it is one too many. */
  interim(): boolean
}

export function createPartsCounter(): PartsCounter {
  let left = PARTS_MAX
  return {
    chunk(bytes) {
      if (bytes < SHORT_BYTES) left--
      return left < 0
    },
    interim() {
      left -= INTERIM_PARTS
      return left < 0
    }
  }
}
