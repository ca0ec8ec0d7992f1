import { glob } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { chooseByHash } from './choose-by-hash.ts'
import { corpusFolder } from './corpus-folder.ts'
import { onDemandPackage } from './on-demand-package.ts'

/** A document of the corpus, by a name that is the same on every machine. */
export type CorpusFile = { readonly name: string; readonly file: string }

/** Which documents: those whose names contain `only`, and of them `count`, chosen by hash. */
export type CorpusChoice = { readonly only?: string; readonly count?: number }

/**
 * The documents of OpenAPI Directory and those that GitHub publishes, which npm installs when they are first needed.
 *
 * @throws Error with a one-line message when they cannot be installed.
 */
export async function corpusFiles(choice: CorpusChoice = {}): Promise<CorpusFile[]> {
  const github = await onDemandPackage('@octokit/openapi', '23.0.2')
  const files = [
    ...(await filesIn(await corpusFolder())),
    ...(await filesIn(new URL('generated/', github), 'octokit/'))
  ]
  return chosenFiles(files, choice)
}

/** The documents of a folder, with a prefix for their names. */
export async function filesIn(folder: URL, prefix = ''): Promise<CorpusFile[]> {
  const names = await Array.fromAsync(glob('**/*.json', { cwd: fileURLToPath(folder) }))
  return names
    .filter(name => !name.endsWith('.deref.json'))
    .toSorted()
    .map(name => ({ name: prefix + name, file: fileURLToPath(new URL(name, folder)) }))
}

/** Some of a corpus. */
export function chosenFiles(
  files: readonly CorpusFile[],
  { only = '', count }: CorpusChoice
): CorpusFile[] {
  const named = new Map(files.map(each => [each.name, each]))
  const names = [...named.keys()].filter(name => name.includes(only))
  return chooseByHash(names, count ?? names.length).flatMap(name => named.get(name) ?? [])
}
