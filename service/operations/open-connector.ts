import { createHash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { DocumentSource, SourceDocument, Staleness } from '../document/document-source.ts'
import { linkDocument } from '../document/link-document.ts'
import type { Links } from '../document/links.ts'
import type { ParsedDocument } from '../document/parse-document.ts'
import { parseDocument } from '../document/parse-document.ts'
import type { PartReader } from '../document/read-part.ts'
import { sourceParts } from '../document/read-part.ts'
import { compileModel } from '../model/compile-model.ts'
import { wholeFinding } from '../model/whole-finding.ts'
import type { ConnectorModel, Diagnostic } from '../model/types.ts'
import { untilAborted } from '../net/deadline.ts'
import type { Settings } from '../settings.ts'

/** A document as it is now: its model, and what is to be said about the reading of it. */
export type OpenConnector = {
  readonly model: ConnectorModel
  /** Those of the model, and a warning for each document of which an older copy serves. */
  readonly diagnostics: readonly Diagnostic[]
}

export type ConnectorOpener = (
  location: string,
  token: string | null,
  signal: AbortSignal
) => Promise<OpenConnector>

export type OpenerSettings = Pick<
  Settings,
  'DERIVED_TYPES_PER_TYPE' | 'DERIVED_TYPES_MAX' | 'DOCUMENT_MAX_BYTES' | 'UPSTREAM_TIMEOUT_MS'
>

/** What a document and its parts came to when they were read last. */
type Whole = {
  readonly model: ConnectorModel
  /** Warnings about parts of which an older copy serves. */
  readonly stale: readonly Diagnostic[]
  /** Every part was read, or may not be. */
  readonly isComplete: boolean
}

type Assembly = {
  readonly version: string
  readonly made: Promise<Whole>
  /** When parts that could not be read are asked for again, in milliseconds since 1970. */
  againAt: number
}

/** Models that are kept at the most; the least recently used one makes room. */
const MODELS_MAX = 100

/** Milliseconds after which parts that could not be read are asked for again. */
const PART_RETRY_MS = 10_000

/**
 * Opens documents: reads them from their source, with the documents that they refer to, and compiles
 * each version of the whole once. Parts are read again when their document is.
 *
 * @param now The clock, in milliseconds since 1970.
 * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `DOCUMENT_*`.
 */
export function createConnectorOpener(
  source: DocumentSource,
  settings: OpenerSettings,
  now: () => number
): ConnectorOpener {
  const bounds = { perType: settings.DERIVED_TYPES_PER_TYPE, total: settings.DERIVED_TYPES_MAX }
  const models = new LRUCache<string, ConnectorModel>({ max: MODELS_MAX })
  // By what a document is kept under, so that nobody gets a part that another caller's token opened.
  const assemblies = new LRUCache<string, Assembly>({ max: MODELS_MAX })

  const assemble = async (
    root: SourceDocument,
    checked: ParsedDocument | undefined,
    readPart: PartReader
  ): Promise<Whole> => {
    const { text, contentType, url } = root
    const isChecked = checked?.text === text && checked.url === url
    const parsed = isChecked ? checked : parseDocument(text, contentType ?? '', url)
    const document = await linkDocument(parsed, root.base, readPart, settings)
    const key = wholeKey(root, document.links)
    const model = models.get(key) ?? compileModel(document, bounds)
    models.set(key, model)
    const stale = document.links.parts.flatMap(part => staleness(part.url, part.stale))
    return { model, stale, isComplete: stale.length === 0 && isReadable(document.links) }
  }

  /** What a version of a document comes to, once for all who read it at the same time. */
  const assembled = (root: SourceDocument, make: () => Promise<Whole>): Promise<Whole> => {
    const version = `${rootKey(root)} ${root.fetchedAt}`
    const known = assemblies.get(root.key)
    if (known?.version === version && now() < known.againAt) return known.made
    const assembly: Assembly = { version, made: make(), againAt: Number.POSITIVE_INFINITY }
    assemblies.set(root.key, assembly)
    assembly.made.then(
      ({ isComplete }) => {
        if (!isComplete) assembly.againAt = now() + PART_RETRY_MS
      },
      () => {
        assembly.againAt = 0
      }
    )
    return assembly.made
  }

  return async (location, token, signal) => {
    // A fresh text is parsed to see whether it is of use, which is worth keeping.
    let checked: ParsedDocument | undefined
    const root = await source.read(location, token, signal, (text, contentType, url) => {
      checked = parseDocument(text, contentType ?? '', url)
    })
    const stale = staleness(root.url, root.stale)
    const alone = models.get(rootKey(root))
    if (alone !== undefined) {
      return { model: alone, diagnostics: [...stale, ...alone.index.diagnostics] }
    }
    const readPart = sourceParts(source, root, location, token)
    const whole = await untilAborted(
      assembled(root, () => assemble(root, checked, readPart)),
      signal
    )
    const { model } = whole
    return { model, diagnostics: [...stale, ...whole.stale, ...model.index.diagnostics] }
  }
}

/** The address counts too: it is the base of a relative server, and stands in every diagnostic. */
function rootKey({ hash, url }: SourceDocument): string {
  return `${hash} ${url}`
}

/** The key of a model: that of the document alone, and of all that its references lead to. */
function wholeKey(root: SourceDocument, { parts, targets }: Links): string {
  if (targets.every(({ size }) => size === 0)) return rootKey(root)
  const shape = [targets.map(map => [...map]), parts.map(({ name, hash }) => [name, hash])]
  const digest = createHash('sha256').update(JSON.stringify(shape)).digest('hex')
  return `${rootKey(root)} ${digest}`
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

function staleness(file: string, stale: Staleness | null): Diagnostic[] {
  if (stale === null) return []
  const holes = { reason: stale.reason, seconds: stale.ageSeconds }
  return [wholeFinding('DOCUMENT_STALE', holes, file)]
}
