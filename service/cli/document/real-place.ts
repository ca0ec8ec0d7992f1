import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/**
 * The path of a file without the links in it, so that two names of one file have the same. The file need not be there
 * yet.
 *
 * @param path Absolute.
 */
export async function realPlace(path: string): Promise<string> {
  const found = await realpath(path).catch(() => null)
  if (found !== null) return found
  const above = dirname(path)
  return above === path ? path : join(await realPlace(above), basename(path))
}
