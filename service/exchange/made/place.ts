/** Where a value is: in which row, and by which names from the row. */
export type Place = {
  /** Of the document and the type. */
  readonly seed: number
  /** Of the document. */
  readonly idSeed: number
  readonly row: number
  /** The names from the row to the value, joined by dots. */
  readonly path: string
}

const FNV_PRIME = 0x01000193

/** A whole number of 32 bits of a text (FNV-1a, mixed as in MurmurHash3). */
export function hashOf(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A whole number below `count` that is another in each row. */
export function inTurn({ seed, row, path }: Place, count: number): number {
  return (hashOf(path, seed) + row) % count
}

/** A whole number below `count` of the place. */
export function numberAt({ seed, row, path }: Place, count: number): number {
  return hashOf(`${path} ${row}`, seed) % count
}

/** Hexadecimal digits of the place. */
export function hexAt({ seed, row, path }: Place, digits: number): string {
  let hex = ''
  for (let part = 0; hex.length < digits; part++) {
    hex += hashOf(`${path} ${row} ${part}`, seed).toString(16).padStart(8, '0')
  }
  return hex.slice(0, digits)
}
