import { LRUCache } from 'lru-cache'

import type { DocumentSource, SourceDocument } from '../document/document-source.ts'
import type { ParsedDocument } from '../document/parse-document.ts'
import { parseDocument } from '../document/parse-document.ts'
import { compileModel } from '../model/compile-model.ts'
import { wholeFinding } from '../model/whole-finding.ts'
import type { ConnectorModel, Diagnostic } from '../model/types.ts'
import type { Settings } from '../settings.ts'

/** A document as it is now: its model, and what is to be said about the reading of it. */
export type OpenConnector = {
  readonly model: ConnectorModel
  /** Those of the model, and a warning when an older copy serves. */
  readonly diagnostics: readonly Diagnostic[]
}

export type ConnectorOpener = (
  location: string,
  token: string | null,
  signal: AbortSignal
) => Promise<OpenConnector>

/** Models that are kept at the most; the least recently used one makes room. */
const MODELS_MAX = 100

/**
 * Opens documents: reads them from their source and compiles each version of one once.
 *
 * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `DOCUMENT_*`.
 */
export function createConnectorOpener(
  source: DocumentSource,
  settings: Pick<Settings, 'DERIVED_TYPES_PER_TYPE' | 'DERIVED_TYPES_MAX'>
): ConnectorOpener {
  const bounds = { perType: settings.DERIVED_TYPES_PER_TYPE, total: settings.DERIVED_TYPES_MAX }
  const models = new LRUCache<string, ConnectorModel>({ max: MODELS_MAX })

  // The address counts too: it is the base of a relative server, and stands in every diagnostic.
  const modelOf = (
    { text, contentType, url, hash }: SourceDocument,
    checked: ParsedDocument | undefined
  ): ConnectorModel => {
    const key = `${hash} ${url}`
    const known = models.get(key)
    if (known !== undefined) return known
    const isChecked = checked?.text === text && checked.url === url
    const parsed = isChecked ? checked : parseDocument(text, contentType ?? '', url)
    const model = compileModel(parsed, bounds)
    models.set(key, model)
    return model
  }

  return async (location, token, signal) => {
    // A fresh text is parsed to see whether it is of use, which is worth keeping.
    let checked: ParsedDocument | undefined
    const document = await source.read(location, token, signal, (text, contentType, url) => {
      checked = parseDocument(text, contentType ?? '', url)
    })
    const model = modelOf(document, checked)
    return { model, diagnostics: [...staleness(document), ...model.index.diagnostics] }
  }
}

function staleness({ url, stale }: SourceDocument): Diagnostic[] {
  if (stale === null) return []
  const holes = { reason: stale.reason, seconds: stale.ageSeconds }
  return [wholeFinding('DOCUMENT_STALE', holes, url)]
}
