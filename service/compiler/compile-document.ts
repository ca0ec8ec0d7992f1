import type { ConnectorModel } from '../model/connector-model.ts'
import type { Responses } from '../model/mapping-record.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { isManifest } from '../parse/parse-document.ts'
import type { DerivedTypeBounds } from '../settings.ts'
import { compileModel } from './compile-model.ts'
import { compileManifest } from './manifest/compile-manifest.ts'

/** Compiles an OpenAPI document or a manifest. Pure. */
export function compileDocument(
  document: ParsedDocument,
  bounds: DerivedTypeBounds,
  responses: Responses = 'live'
): ConnectorModel {
  return isManifest(document)
    ? compileManifest(document, responses)
    : compileModel(document, bounds, responses)
}
