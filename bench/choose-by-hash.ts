import { createHash } from 'node:crypto'

/** Some of a corpus: those whose names have the smallest hashes, always the same ones, in that order. */
export function chooseByHash(names: readonly string[], count: number): string[] {
  return names
    .map(name => ({ name, hash: createHash('sha256').update(name).digest('hex') }))
    .toSorted((a, b) => (a.hash < b.hash ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name)
}
