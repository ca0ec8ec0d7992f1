import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject } from '../../base/json.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'

/** An operation that a resource would use with its tags, how sure that is from 0 to 1, and why. */
export type ProposedUse = {
  readonly method: string
  readonly path: string
  readonly tags: readonly string[]
  readonly score: number
  readonly reasons: readonly string[]
}

/** A list: `records` is the dotted path of its objects in the answer, blank for the whole. */
export type ProposedQuery = ProposedUse & { readonly records: string }

/** One object: `idParam` is the parameter of the path that takes its id, `record` its dotted path in the answer. */
export type ProposedLoad = ProposedUse & { readonly idParam: string; readonly record: string }

/** A write; `idParam` is null for one that makes a new object. */
export type ProposedWrite = ProposedUse & { readonly idParam: string | null }

export type ProposedPaging = {
  readonly type: Exclude<PagingRecord['type'], 'none'>
  readonly limitParam: string | null
  readonly positionParam: string | null
  readonly nextField: string | null
}

/** One type that a document could have, with what can be done with its objects. */
export type ProposedResource = {
  readonly type: string
  /** Dotted path in one object of the value that goes into `idParam`; null where none is known. */
  readonly id: string | null
  readonly query: ProposedQuery | null
  readonly load: ProposedLoad | null
  readonly save: ProposedWrite | null
  readonly update: ProposedWrite | null
  readonly delete: ProposedWrite | null
  readonly pagination: ProposedPaging | null
  /** Further lists and reads of the same type, the likeliest first. */
  readonly others: {
    readonly query: readonly ProposedQuery[]
    readonly load: readonly ProposedLoad[]
  }
  /** The Schema Object that the keys belong to. */
  readonly at: Pointer
  /** The Schema Object to write there; null where the document has it. */
  readonly schema: JsonObject | null
  /** `x-flow-type` and mappings, as an author would write them there. */
  readonly keys: JsonObject
}

/** An operation that no resource uses, and why. */
export type SkippedOperation = {
  readonly method: string
  readonly path: string
  /** How sure it would be to use it; below 0.5. */
  readonly score: number
  readonly reason: string
}

/** The types that a document without keys could have (docs/x-flow.md#inference). */
export type Proposal = {
  readonly resources: readonly ProposedResource[]
  /** The component schemas that these refer to, each a type of its own. */
  readonly nested: readonly { readonly at: Pointer; readonly name: string }[]
  readonly skipped: readonly SkippedOperation[]
}
