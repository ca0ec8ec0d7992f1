import type { ExactNumber, JsonValue } from '../base/json.ts'

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

/** A made example: the same schema and seed always yield the same value. */
export type MadeExampleRecord = {
  readonly schema: MadeExampleSchema
  /** A whole number of 32 bits. */
  readonly seed: number
}

/** What may stand in place of a made value. */
export type MadePresence = {
  /** Null fits too. */
  readonly orNull?: true
  /** The member may be missing. */
  readonly mayMiss?: true
}

/** Marks a value that identifies an object. */
export type MadeIdentity = {
  /** The type that it identifies an object of: `customer` of `customer-1`. */
  readonly idOf?: string
  /** It refers to another object, of which any row may. */
  readonly refers?: true
  /** Declared values, which the first rows have. */
  readonly first?: readonly JsonValue[]
}

export type MadeNumber = number | ExactNumber

/** The schema of a made example: closed, without references, bounded in every count. */
export type MadeExampleSchema =
  | { readonly const: JsonValue }
  /** Values that go round: each row has the next. */
  | ({ readonly among: readonly JsonValue[] } & MadePresence)
  | MadeObjectSchema
  | MadeListSchema
  | MadeTextSchema
  | MadeNumberSchema
  | ({ readonly type: 'boolean' } & MadePresence)

export type MadeObjectSchema = {
  readonly type: 'object'
  /** The name of its schema; it says what `name` is a name of. */
  readonly name?: string
  readonly properties: { readonly [key: string]: MadeExampleSchema }
} & MadePresence

export type MadeListSchema = {
  readonly type: 'array'
  readonly items: MadeExampleSchema
  readonly minItems: number
  readonly maxItems: number
} & MadePresence

export type MadeTextSchema = {
  readonly type: 'string'
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
} & MadePresence &
  MadeIdentity

/** Bounds as declared, with every digit. */
export type MadeNumberSchema = {
  readonly type: 'integer' | 'number'
  readonly format?: string
  readonly minimum?: MadeNumber
  readonly maximum?: MadeNumber
  readonly exclusiveMinimum?: MadeNumber
  readonly exclusiveMaximum?: MadeNumber
  readonly multipleOf?: MadeNumber
} & MadePresence &
  MadeIdentity
