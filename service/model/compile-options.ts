import type { Inference } from '../parse/inferences.ts'
import type { Responses } from './mapping-record.ts'

/** Patterns of operations (docs/x-flow.md#include-and-exclude). */
export type OperationPatterns = {
  /** Of those that are used; none for all. */
  readonly include: readonly string[]
  /** Of those that are not used. */
  readonly exclude: readonly string[]
}

/** What a configuration says of a document's compilation; equal options of equal documents make equal models. */
export type CompileOptions = OperationPatterns & {
  /** Who answers its mappings. */
  readonly responses: Responses
  /** Null: as the document says, else `auto`. */
  readonly inference: Inference | null
}

export const USUAL_OPTIONS: CompileOptions = {
  responses: 'live',
  inference: null,
  include: [],
  exclude: []
}

/** A text that differs for options that make different models; blank for the usual ones. */
export function optionsKey({ responses, inference, include, exclude }: CompileOptions): string {
  const others = inference ?? (include.length > 0 || exclude.length > 0 ? 'auto' : null)
  if (others === null) return responses === 'live' ? '' : responses
  return JSON.stringify([responses, inference, include, exclude])
}
