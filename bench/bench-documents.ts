import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import type { JsonObject } from '../service/base/json.ts'
import { isJsonObject } from '../service/base/json.ts'
import { annotateDocument, listedType, typeNames } from './annotate-document.ts'
import { documentText, makeDocument } from './made-document.ts'
import { CACHE, onDemandPackage } from './on-demand-package.ts'

/** A document on this machine, and what is known of it. */
export type BenchDocument = {
  readonly name: string
  readonly file: string
  /** The flow types that an install of it gives, among others that are derived. */
  readonly types: readonly string[]
  /** One of them whose list can be loaded without anything else; blank for none. */
  readonly listed: string
}

/** A document as it is, in which there is little to compile, and with x-flow keys. */
export type BenchDocuments = { readonly plain: BenchDocument; readonly annotated: BenchDocument }

/**
 * GitHub's document, of 13 MB, with the markup that `annotateDocument` gives it. Its package is installed
 * when it is first asked for.
 *
 * @throws Error in one line when it cannot be installed.
 */
export async function githubDocuments(): Promise<BenchDocuments> {
  const folder = await onDemandPackage('@octokit/openapi', '23.0.2')
  const file = fileURLToPath(new URL('generated/api.github.com.json', folder))
  const document: unknown = JSON.parse(await readFile(file, 'utf8'))
  if (!isJsonObject(document)) throw new Error(`${file} is no document`)
  const plain = { name: 'api.github.com', file, types: [], listed: '' }
  return { plain, annotated: await annotatedCopy(document, 'api.github.com') }
}

/** The same of a document that is made: one of at least so many bytes. */
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
  // Another run may read it at this moment.
  const draft = `${file}.${process.pid}`
  await writeFile(draft, documentText(document))
  await rename(draft, file)
  return file
}
