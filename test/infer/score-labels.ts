import { readFile } from 'node:fs/promises'

import { corpusFolder } from '../../bench/corpus-folder.ts'
import { proposeTypes } from '../../service/compiler/infer/propose-types.ts'
import { parseDocument } from '../../service/parse/parse-document.ts'
import type { Label } from './label.ts'
import type { Score } from './score.ts'
import { scoreProposal } from './score.ts'

export type ScoredLabel = { readonly label: Label; readonly score: Score }

/**
 * Judges what is inferred from the labelled documents, which npm installs when they are first needed.
 *
 * @throws Error with a one-line message when they cannot be installed.
 */
export async function scoreLabels(labels: readonly Label[]): Promise<ScoredLabel[]> {
  const folder = await corpusFolder()
  return Promise.all(
    labels.map(async label => {
      const text = await readFile(new URL(`${label.document}.json`, folder), 'utf8')
      const document = parseDocument(text, 'application/json', 'https://corpus.test/a.json')
      return { label, score: scoreProposal(label, proposeTypes(document)) }
    })
  )
}
