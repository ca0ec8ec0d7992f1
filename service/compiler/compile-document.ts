import type { ConnectorModel } from '../model/connector-model.ts'
import type { CompileOptions } from '../model/compile-options.ts'
import { USUAL_OPTIONS } from '../model/compile-options.ts'
import type { ParsedDocument } from '../parse/parse-document.ts'
import { isManifest } from '../parse/parse-document.ts'
import type { DerivedTypeBounds } from '../settings.ts'
import { compileModel } from './compile-model.ts'
import { compileManifest } from './manifest/compile-manifest.ts'

/** Compiles an OpenAPI document or a manifest. Pure. */
export function compileDocument(
  document: ParsedDocument,
  bounds: DerivedTypeBounds,
  options: CompileOptions = USUAL_OPTIONS
): ConnectorModel {
  return isManifest(document)
    ? compileManifest(document, options.responses)
    : compileModel(document, bounds, options)
}
