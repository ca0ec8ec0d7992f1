import type { ConnectorModel } from '../model/connector-model.ts'
import type { DocumentTexts } from '../model/document-texts.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { locate } from './locate-diagnostics.ts'

/** The texts of a document, and where the types and mappings of its model stand in them. */
export function documentTexts(document: ParsedDocument, model: ConnectorModel): DocumentTexts {
  const { url, text, links, origin } = document
  const texts = [{ url, text }, ...origin.overlays, ...links.parts]
  const types = Object.values(model.types).map(({ name, pointer }) => ({ name, pointer }))
  const mappings = Object.values(model.mappings).map(({ key, pointer }) => ({ key, pointer }))
  const ofTypes = locate(types, document)
  const ofMappings = locate(mappings, document)
  return {
    texts: texts.map(each => ({ file: each.url, text: each.text })),
    types: ofTypes.map(({ name, file, line, column }) => ({ name, file, line, column })),
    mappings: ofMappings.map(({ key, file, line, column }) => ({ key, file, line, column })),
    problem: null
  }
}
