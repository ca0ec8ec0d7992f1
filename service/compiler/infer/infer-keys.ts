import type { Pointer } from '../../base/json-pointer.ts'
import { isJsonObject, member } from '../../base/json.ts'
import type { CompileOptions, Inference } from '../../model/compile-options.ts'
import { INFERENCES } from '../../model/compile-options.ts'
import type { MappingOrigin } from '../../model/mapping-record.ts'
import type { ParsedDocument } from '../../parse/parse-document.ts'
import { createCompilation } from '../compilation.ts'
import { findTypedSchemas } from '../schema/find-typed-schemas.ts'
import { layProposal } from './lay-proposal.ts'
import type { Proposal } from './proposal.ts'
import { proposeTypes } from './propose-types.ts'

/** A document with the keys that it is compiled by. */
export type KeyedDocument = {
  readonly document: ParsedDocument
  /** Where inferred mappings come from, by the pointers of their keys. */
  readonly origins: ReadonlyMap<Pointer, MappingOrigin>
  /** Null where nothing was to be inferred. */
  readonly proposal: Proposal | null
}

/**
 * Adds inferred keys to a document (docs/x-flow.md#inference): to one without types and mappings, or with `on` also for
 * operations that no mapping uses.
 */
export function inferKeys(document: ParsedDocument, options: CompileOptions): KeyedDocument {
  const asItIs = { document, origins: new Map<Pointer, MappingOrigin>(), proposal: null }
  const inference = options.inference ?? declaredInference(document)
  if (inference === 'off') return asItIs
  if (inference === 'auto' && findTypedSchemas(createCompilation(document)).length > 0)
    return asItIs
  const proposal = proposeTypes(document, options)
  return { ...layProposal(document, proposal), proposal }
}

function declaredInference({ root }: ParsedDocument): Inference {
  const defaults = member(root, 'x-flow')
  const given = isJsonObject(defaults) ? defaults.inference : undefined
  const word = typeof given === 'string' ? given.toLowerCase() : given
  return INFERENCES.find(known => known === word) ?? 'auto'
}
