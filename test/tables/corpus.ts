import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { corpusFolder } from '../../bench/corpus-folder.ts'

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
  const folder = await corpusFolder()
  const files = await Array.fromAsync(glob('**/*.json', { cwd: fileURLToPath(folder) }))
  for (const [index, file] of files.toSorted().entries()) {
    if (index % step !== 0) continue
    const text = await readFile(new URL(file, folder), 'utf8')
    if (text.length <= BYTES_MAX) yield { file, text }
  }
}
