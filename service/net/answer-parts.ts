/** Chunks of one answer, at most. Each is an event, however short it is and however much comes around it. */
const PARTS_MAX = 50_000

/** As many parts as an interim response (RFC 9110 15.2) counts. */
const INTERIM_PARTS = 5

/** The parts of an answer are more than those of an answer that somebody wants to be read. */
export class TooManyPartsError extends Error {
  override readonly name = 'TooManyPartsError'
  readonly code = 'ERR_TOO_MANY_PARTS'
}

/** Counts the parts in which one answer comes. */
export type PartsCounter = {
  /** Counts a chunk. @returns Whether it is one too many. */
  chunk(): boolean
  /** Counts an interim response. @returns Whether it is one too many. */
  interim(): boolean
}

export function createPartsCounter(): PartsCounter {
  let left = PARTS_MAX
  return {
    chunk: () => --left < 0,
    interim() {
      left -= INTERIM_PARTS
      return left < 0
    }
  }
}
