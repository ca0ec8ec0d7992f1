import type { Outline, ParsedText } from '../parse/link-document.ts'
import { linkDocument, outlineOf } from '../parse/link-document.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { parseDocument, parsePart } from '../parse/parse-document.ts'
import type { Gathered, SourceText } from './source-document.ts'
import { unpackText } from './source-document.ts'

// Parsing takes its time: this is for the processes that compile, and for commands.

/** Parses a document. @throws ConnectorError those of `parseDocument`. */
export function parseSource({ packed, contentType, url }: SourceText): ParsedDocument {
  return parseDocument(unpackText(packed), contentType ?? '', url)
}

/** Lists what a part refers to. @throws ConnectorError those of `parsePart`. */
export function outlinePart(part: SourceText, rootBase: string): Outline {
  return outlineOf(parsePartSource(part), rootBase)
}

/** Links a document to its parts. */
export function linkParts(
  document: ParsedDocument,
  { base }: SourceText,
  { parts, ends }: GatheredTexts
): ParsedDocument {
  return linkDocument(document, base, parts.map(parsePartSource), ends)
}

/** Parts as far as they are compiled. */
export type GatheredTexts = Pick<Gathered, 'ends'> & { readonly parts: readonly SourceText[] }

function parsePartSource({
  packed,
  contentType,
  url,
  base
}: SourceText): ParsedText & { readonly url: string } {
  const text = unpackText(packed)
  return { url, base, text, root: parsePart(text, contentType ?? '', url) }
}
