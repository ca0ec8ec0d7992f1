import { createHash } from 'node:crypto'

import type { SourceDocument } from './document-source.ts'
import { linkDocument } from '../parse/link-document.ts'
import type { Links } from '../parse/links.ts'
import { unpackText } from './packed-text.ts'
import { parseDocument } from '../parse/parse-document.ts'
import type { PartLimits, PartReader } from './read-part.ts'
import { compileModel } from '../compiler/compile-model.ts'
import type { DerivedTypeBounds } from '../compiler/schema/derive-types.ts'
import type { PackedModel } from '../model/packed-model.ts'
import { packModel } from '../model/packed-model.ts'
import type { ConnectorModel } from '../model/connector-model.ts'
import type { TypeRecord } from '../model/type-record.ts'

/** What a document is compiled under, besides itself. */
export type CompileRules = { readonly bounds: DerivedTypeBounds; readonly limits: PartLimits }

/** A part of which an older copy serves, by its URL. */
export type StalePart = Pick<SourceDocument, 'url' | 'stale'>

/** What came of a document and the documents that it refers to. */
export type Compiled = {
  /** Names the whole: equal for equal documents with equal parts. */
  readonly version: string
  readonly stale: readonly StalePart[]
  /** Every part was read as it is now, or may not be read. */
  readonly isComplete: boolean
  /** Null where `isKnown` had it. */
  readonly model: PackedModel | null
}

export type CompilePorts = {
  readonly readPart: PartReader
  /** Whether the model of a version is at hand already. */
  readonly isKnown: (version: string) => Promise<boolean>
  /** Describes the types as the platform reads them, as JSON text. */
  readonly describeTypes: (types: readonly TypeRecord[]) => string
}

/**
 * Compiles a document, with the documents that it refers to, unless their model is known.
 *
 * @throws ConnectorError those of `parseDocument`.
 */
export async function compileDocument(
  root: SourceDocument,
  { bounds, limits }: CompileRules,
  { readPart, isKnown, describeTypes }: CompilePorts
): Promise<Compiled> {
  const parsed = parseDocument(unpackText(root.packed), root.contentType ?? '', root.url)
  const document = await linkDocument(parsed, root.base, readPart, limits)
  const { links } = document
  const version = wholeVersion(root, links)
  const stale = links.parts.filter(part => part.stale !== null)
  const isComplete = stale.length === 0 && isReadable(links)
  const found = { version, stale: stale.map(({ url, stale }) => ({ url, stale })), isComplete }
  // That of the document alone was looked for before.
  if (version !== rootVersion(root) && (await isKnown(version))) return { ...found, model: null }
  const model = compileModel(document, bounds)
  return { ...found, model: packModel(model, describeTypes(typesOf(model))) }
}

/**
 * Names a document that refers to no other. The address counts too: it is the base of a relative server,
 * and stands in every diagnostic.
 */
export function rootVersion({ hash, url }: Pick<SourceDocument, 'hash' | 'url'>): string {
  return `${hash} ${url}`
}

/** Names the document and all that its references lead to. */
function wholeVersion(root: SourceDocument, { parts, targets }: Links): string {
  if (targets.every(({ size }) => size === 0)) return rootVersion(root)
  const shape = [targets.map(map => [...map]), parts.map(({ name, hash }) => [name, hash])]
  const digest = createHash('sha256').update(JSON.stringify(shape)).digest('hex')
  return `${rootVersion(root)} ${digest}`
}

/** Whether no reference fails for a reason that may pass. */
function isReadable({ targets }: Links): boolean {
  return targets.every(references =>
    [...references.values()].every(
      target =>
        typeof target === 'number' ||
        target.code === 'REF_NOT_ALLOWED' ||
        (target.code === 'REF_LIMIT' && !target.isOfTime)
    )
  )
}

function typesOf({ index, types }: ConnectorModel): readonly TypeRecord[] {
  return index.types.flatMap(name => types[name] ?? [])
}
