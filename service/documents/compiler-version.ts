import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import type { CompileBounds } from './compile-pool.ts'

const IMPORTS =
  /^(?:import|export)\b[^'"]*?\bfrom\s+['"](\.[^'"]+)['"]|^import\s+['"](\.[^'"]+)['"]/gms

/**
 * Names what decides what a document compiles to, besides itself: the bounds, the bytes of all files that
 * the worker imports, and of the manifest with the versions of its libraries. So no model of another
 * version is ever taken for one of this, and nobody has to think of it.
 *
 * @param worker What compiles.
 */
export async function compilerVersion(
  worker: URL,
  manifest: URL,
  bounds: CompileBounds
): Promise<string> {
  const files = await filesBehind(worker)
  const hash = createHash('sha256').update(JSON.stringify(bounds))
  for (const [file, source] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(file.slice(new URL('.', worker).href.length)).update(source)
  }
  return hash.update(await readFile(manifest)).digest('hex')
}

/** A module and all files of ours that it imports, directly or not: their texts by their URLs. */
export async function filesBehind(module: URL): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  const open = [module.href]
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    if (files.has(url)) continue
    const source = await readFile(new URL(url), 'utf8')
    files.set(url, source)
    for (const [, from, bare] of source.matchAll(IMPORTS)) {
      open.push(new URL(from ?? bare ?? '', url).href)
    }
  }
  return files
}
