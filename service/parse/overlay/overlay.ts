import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import type { OverlayText } from '../document-origin.ts'

/** An Overlay Object (Overlay 1.1.0, 4.4.1), whose actions are read one by one. */
export type Overlay = OverlayText & {
  /** Base URL of its relative references. */
  readonly base: string
  /** The second number of its version. */
  readonly minor: number
  /** The document that it says it is for. */
  readonly extends: string | null
  readonly actions: readonly JsonValue[]
}

/** What an Action Object does with each value at its target (Overlay 1.1.0, 4.4.3). */
export type OverlayAction = {
  readonly at: Pointer
  /** A JSONPath (RFC 9535). */
  readonly target: string
  readonly change:
    | { readonly kind: 'remove' }
    | { readonly kind: 'update'; readonly value: JsonValue }
    | { readonly kind: 'copy'; readonly path: string }
}
