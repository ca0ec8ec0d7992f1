import { isJsonObject, member } from '../../base/json.ts'
import type { CompileOptions } from '../../model/compile-options.ts'
import type { Inference } from '../../parse/inferences.ts'
import { INFERENCES } from '../../parse/inferences.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import type { Compilation } from '../compilation.ts'
import { createCompilation } from '../compilation.ts'
import type { TypedSchema } from '../schema/find-typed-schemas.ts'
import { findTypedSchemas } from '../schema/find-typed-schemas.ts'
import { layProposal } from './lay-proposal.ts'
import type { Proposal } from './proposal.ts'
import { proposeTypes } from './propose-types.ts'

/** A document with the keys that it is compiled by. */
export type KeyedDocument = {
  readonly document: ParsedDocument
  readonly compilation: Compilation
  readonly typed: readonly TypedSchema[]
  /** Null where nothing was to be inferred. */
  readonly proposal: Proposal | null
}

/**
 * Adds inferred keys to a document (docs/x-flow.md#inference): to one without types and mappings, or with `on` also for
 * operations that no mapping uses.
 */
export function inferKeys(document: ParsedDocument, options: CompileOptions): KeyedDocument {
  const compilation = createCompilation(document, options.responses)
  const typed = findTypedSchemas(compilation)
  const inference = options.inference ?? declaredInference(document)
  if (inference === 'off' || (inference === 'auto' && typed.length > 0)) {
    return { document, compilation, typed, proposal: null }
  }
  const proposal = proposeTypes(document, options)
  const laid = layProposal(document, proposal)
  const keyed = createCompilation(laid.document, options.responses, laid.origins)
  const found = findTypedSchemas(keyed)
  return { document: laid.document, compilation: keyed, typed: found, proposal }
}

function declaredInference({ root }: ParsedDocument): Inference {
  const defaults = member(root, 'x-flow')
  const given = isJsonObject(defaults) ? defaults.inference : undefined
  const word = typeof given === 'string' ? given.toLowerCase() : given
  return INFERENCES.find(known => known === word) ?? 'auto'
}
