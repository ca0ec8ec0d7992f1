import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import type { CompileRules } from './compile-task.ts'

/** The rooms that decide what a document compiles to, and how that is written. */
const ROOMS = ['base', 'parse', 'model', 'compiler', 'documents', 'protocol'] as const

/**
 * Names what decides what a document compiles to, besides itself: the rules, the bytes of the compiler's own
 * files, and of the manifest with the versions of its libraries. So no model of another version is ever taken for one of this, and nobody has to think of it.
 *
 * @param service Folder of the service, with a slash at its end.
 */
export async function compilerVersion(service: URL, rules: CompileRules): Promise<string> {
  const folder = fileURLToPath(service)
  const pattern = `{${ROOMS.join(',')}}/**/*.{ts,js}`
  const files = (await Array.fromAsync(glob(pattern, { cwd: folder }))).toSorted()
  const hash = createHash('sha256').update(JSON.stringify(rules))
  for (const file of files) hash.update(file).update(await readFile(new URL(file, service)))
  hash.update(await readFile(new URL('../package.json', service)))
  return hash.digest('hex')
}
