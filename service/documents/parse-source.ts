import type { Outline, ParsedText } from '../parse/link-document.ts'
import { linkDocument, mayReferOut, outlineOf, rootTargets } from '../parse/link-document.ts'
import type { OverlaySource } from '../parse/overlay/read-overlay.ts'
import { readOverlay } from '../parse/overlay/read-overlay.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { isSwagger, parseDocument, parsePart } from '../parse/parse-document.ts'
import type { GatheredParts, Overlays, SourceText } from './source-document.ts'
import { unpackText } from './source-document.ts'

// Parsing blocks the event loop: only compile processes and commands call these.

/** Gathered parts as a compile process gets them. */
export type GatheredTexts = Pick<GatheredParts, 'targets'> & {
  readonly parts: readonly SourceText[]
}

/**
 * Parses a document, converts one of Swagger 2.0, and applies its overlays.
 *
 * @param overlays Null for none.
 * @throws ConnectorError those of `parseDocument`, `convertSwagger` and `readOverlay`.
 */
export async function parseSource(
  source: SourceText,
  overlays: Overlays | null = null
): Promise<ParsedDocument> {
  const { packed, contentType, url, base } = source
  const given = parseDocument(unpackText(packed), contentType ?? '', url)
  // Most documents need neither, and the libraries of both take longer to load than all else.
  const document = isSwagger(given)
    ? await (await import('../parse/swagger/convert-swagger.ts')).convertSwagger(given)
    : given
  if (overlays === null) return document
  const { applyOverlays } = await import('../parse/overlay/apply-overlays.ts')
  const read = overlays.texts.map((text, index) =>
    readOverlay(overlaySource(text, index + 1), base)
  )
  return applyOverlays(document, read, [base, url, overlays.location])
}

function overlaySource(
  { packed, contentType, url, base }: SourceText,
  number: number
): OverlaySource {
  const text = unpackText(packed)
  return { name: `overlay ${number}`, url, base, text, contentType: contentType ?? '' }
}

/** Lists the references of a document. @returns Null when there is nothing to gather. */
export function outlineRoot(document: ParsedDocument, { base }: SourceText): Outline | null {
  if (!mayReferOut(document)) return null
  const outline = outlineOf({ ...document, base }, base)
  return outline.urls.length === 0 ? null : outline
}

/** Lists the references of a part. @throws ConnectorError those of `parsePart`. */
export function outlinePart(part: SourceText, rootBase: string): Outline {
  return outlineOf(parsePartSource(part), rootBase)
}

/** Checks an overlay, which has no parts of its own. @throws ConnectorError those of `readOverlay`. */
export function outlineOverlay(overlay: SourceText, rootBase: string): Outline {
  readOverlay(overlaySource(overlay, 1), rootBase)
  return NOTHING
}

/** Checks a document alone. @throws ConnectorError those of `parseSource`. */
export async function outlineDocument(document: SourceText): Promise<Outline> {
  await parseSource(document)
  return NOTHING
}

const NOTHING: Outline = { urls: [], bytes: 0, values: 0 }

/** Links a document to its parts; `gathered` is null when it has none. */
export function linkParts(
  document: ParsedDocument,
  { base }: SourceText,
  gathered: GatheredTexts | null
): ParsedDocument {
  const { parts, targets } = gathered ?? { parts: [], targets: rootTargets(base) }
  return linkDocument(document, base, parts.map(parsePartSource), targets)
}

function parsePartSource(part: SourceText): ParsedText & { readonly url: string } {
  const { url, base, packed, contentType } = part
  const text = unpackText(packed)
  return { url, base, text, root: parsePart(text, contentType ?? '', url) }
}
