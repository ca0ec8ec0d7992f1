/** The types of fields in `schema` of a manifest (docs/pipelines.md#schema). */
export const FIELD_TYPES = [
  'string',
  'integer',
  'long',
  'float',
  'double',
  'boolean',
  'timestamp',
  'date',
  'binary'
] as const

/** A field of the records of an input or output. */
export type FieldRecord = { readonly name: string; readonly type: (typeof FIELD_TYPES)[number] }
