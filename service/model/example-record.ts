import type { JsonValue } from '../base/json.ts'

/** What an operation answers from the document, kept beside its record because it can be large. */
export type ExampleRecord = {
  /** The response that is given when the mapping names none; null when none is declared. */
  readonly status: string | null
  /** By status: the declared body, and the named ones. */
  readonly answers: {
    readonly [status: string]: {
      readonly body?: JsonValue
      readonly named: { readonly [name: string]: JsonValue }
      /** What a body can be made from where none is declared. */
      readonly made?: MadeExampleRecord
    }
  }
}

/** What makes an example: the same schema and seed give the same value, always. */
export type MadeExampleRecord = {
  readonly schema: MadeExampleSchema
  /** A whole number of 32 bits. */
  readonly seed: number
}

/** The schemas that examples are made from: closed, without references, bounded in every count. */
export type MadeExampleSchema =
  | { readonly const: JsonValue }
  | {
      readonly type: 'object'
      /** Each of them is made. */
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
