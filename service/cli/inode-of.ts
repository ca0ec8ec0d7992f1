import type { Stats } from 'node:fs'

/** Which file it is: the same for all its names, links among them. */
export function inodeOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`
}
