import { oneAsker } from '../base/askers.ts'
import { KEPT_SCHEME, unpackWithin } from '../documents/source-document.ts'
import { ConnectorError } from '../errors.ts'
import type { DocumentTexts } from '../model/document-texts.ts'
import type { PackedJson } from '../model/packed-model.ts'
import { packJson } from '../model/packed-model.ts'
import { untilAborted } from '../time/deadline.ts'
import { requiredDocument } from './configuration.ts'
import type { Ports } from './session.ts'
import type { Caller } from './types.ts'

/** A longer text that cannot be used is not answered. */
const UNUSABLE_MAX_BYTES = 4 * 1024 * 1024

/**
 * Reads the texts of the caller's document: its own, those of its overlays, and those of its parts. Only what can be
 * compiled is answered, so that the service hands out documents and nothing else that it can reach; and a kept text,
 * which came from whoever has its location, together with what keeps it from being used.
 *
 * @returns A `DocumentTexts` as JSON.
 * @throws ConnectorError as `catalogApi`.
 */
export async function readDocumentTexts(
  { report, kept }: Pick<Ports, 'report' | 'kept'>,
  { configuration, owner, deadline }: Caller
): Promise<PackedJson> {
  const request = requiredDocument(configuration)
  try {
    return await untilAborted(report(request, { of: 'texts' }, oneAsker(owner)), deadline.signal)
  } catch (error) {
    const texts = await unusableTexts(kept, request.location, error)
    if (texts === null) throw error
    return packJson(texts)
  }
}

/** A kept text that cannot be used as a document, and why; null for any other failure. */
async function unusableTexts(
  kept: Pick<Ports['kept'], 'read'>,
  location: string,
  error: unknown
): Promise<DocumentTexts | null> {
  if (!(error instanceof ConnectorError) || !location.startsWith(KEPT_SCHEME)) return null
  const { code, message, remedy, holes } = error
  const { url: file = '', line, column } = holes
  if (typeof file !== 'string' || !file.startsWith(KEPT_SCHEME)) return null
  const { hash, packed } = await kept.read(location)
  // The problem may be that of an overlay.
  if (!hash.startsWith(file.slice(KEPT_SCHEME.length))) return null
  const text = await unpackWithin(packed, UNUSABLE_MAX_BYTES)
  if (text === null) return null
  const place = { file, line: positionOf(line), column: positionOf(column) }
  return {
    texts: [{ file, text }],
    types: [],
    mappings: [],
    problem: { code, message, remedy, ...place }
  }
}

function positionOf(hole: string | number | undefined): number | null {
  return typeof hole === 'number' ? hole : null
}
