import type { JsonValue } from '../base/json.ts'

/**
 * The example answers of an endpoint. That of a mapping has what its type adds: bodies for expected
 * responses without one.
 */
export type ExampleRecord = {
  /** The default response; null when none is declared. */
  readonly status: string | null
  /** By status: the declared body, and the named ones. */
  readonly answers: {
    readonly [status: string]: {
      readonly body?: JsonValue
      readonly named: { readonly [name: string]: JsonValue }
      /** Generates a body where none is declared. */
      readonly made?: MadeExampleRecord
    }
  }
}

/** A generated example: the same schema and seed always yield the same value. */
export type MadeExampleRecord = {
  readonly schema: MadeExampleSchema
  /** A whole number of 32 bits. */
  readonly seed: number
}

/** The schema of a generated example: closed, without references, bounded in every count. */
export type MadeExampleSchema =
  | { readonly const: JsonValue }
  | {
      readonly type: 'object'
      readonly properties: { readonly [key: string]: MadeExampleSchema }
    }
  | {
      readonly type: 'array'
      readonly items: MadeExampleSchema
      readonly minItems: number
      readonly maxItems: number
    }
  | {
      readonly type: 'string'
      readonly format?: string
      readonly pattern?: string
      readonly minLength?: number
      readonly maxLength?: number
    }
  | {
      readonly type: 'integer' | 'number'
      readonly minimum: number
      readonly maximum: number
      readonly multipleOf?: number
    }
  | { readonly type: 'boolean' }
