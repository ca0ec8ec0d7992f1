/** When types are inferred: for a document without keys, also beside keys, or never (docs/x-flow.md#inference). */
export const INFERENCES = ['auto', 'on', 'off'] as const
export type Inference = (typeof INFERENCES)[number]
