import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import type { DerivedTypeBounds } from '../settings.ts'

const IMPORTS =
  /^(?:import|export)\b[^'"]*?\bfrom\s+['"](\.[^'"]+)['"]|^import\s+['"](\.[^'"]+)['"]|\bimport\(['"](\.[^'"]+)['"]\)/gms

/**
 * Hashes everything except the document that affects a compiled model: the bounds, the source files that
 * the worker imports, and the package manifest with its library versions. A model cached by another
 * version of the service is therefore never used.
 *
 * @param worker Module that compiles.
 */
export async function compilerVersion(
  worker: URL,
  manifest: URL,
  bounds: DerivedTypeBounds
): Promise<string> {
  const files = await readModuleFiles(worker)
  const hash = createHash('sha256').update(JSON.stringify(bounds))
  for (const [file, source] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(file.slice(new URL('.', worker).href.length)).update(source)
  }
  return hash.update(await readFile(manifest)).digest('hex')
}

const running = new Map<string, Promise<string>>()

/** The version of the compiler of this process. Its files are read once, for all connectors. */
export function runningCompilerVersion(
  worker: URL,
  manifest: URL,
  bounds: DerivedTypeBounds
): Promise<string> {
  const key = JSON.stringify([worker, manifest, bounds])
  const version = running.get(key) ?? compilerVersion(worker, manifest, bounds)
  running.set(key, version)
  return version
}

/** Reads a module and all local files that it imports, directly or not. @returns Sources by URL. */
export async function readModuleFiles(module: URL): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  const open = [module.href]
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    if (files.has(url)) continue
    const source = await readFile(new URL(url), 'utf8')
    files.set(url, source)
    for (const [, from, bare, late] of source.matchAll(IMPORTS)) {
      open.push(new URL(from ?? bare ?? late ?? '', url).href)
    }
  }
  return files
}
