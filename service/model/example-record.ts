import type { ExactNumber, JsonValue } from '../base/json.ts'

/**
 * The example answers of an endpoint. That of a mapping has what its type adds: the objects that schemas show for
 * expected responses without a body of their own.
 */
export type ExampleRecord = {
  /** The default response; null when none is declared. */
  readonly status: string | null
  /** By status, as the document declares it. */
  readonly answers: { readonly [status: string]: ExampleAnswer }
}

/**
 * Under which key answers declare a status: under itself, its range (`4XX`), or `default`; undefined for none.
 *
 * @param keys The declared keys.
 */
export function declaredKey(keys: readonly string[], status: string): string | undefined {
  const spelled = [status, `${status.charAt(0)}XX`, 'default']
  return spelled
    .flatMap(name => keys.find(key => key.toLowerCase() === name.toLowerCase()) ?? [])
    .at(0)
}

/** The statuses for which answers declare a named example. */
export function statusesWith(answers: ExampleRecord['answers'], name: string): string[] {
  return Object.keys(answers).filter(key => Object.hasOwn(answers[key]?.named ?? {}, name))
}

/** One declared answer. */
export type ExampleAnswer = {
  /** The declared body; null for an empty answer. */
  readonly body?: JsonValue
  readonly named: { readonly [name: string]: JsonValue }
  /** The example of the response header `Location`. */
  readonly location?: string
  /** The objects that the schema of the answer shows, each with some of its members. */
  readonly rows?: readonly JsonValue[]
  /** The document declares that the answer has no body. */
  readonly isEmpty?: true
  /** What the schema of the answer has at the place of its objects; absent where it does not say. */
  readonly form?: 'list' | 'object'
}

/**
 * The example objects of a type (docs/x-flow.md#example-tables): what the document declares of each row, laid over
 * a generated one.
 */
export type ExampleTable = {
  /** What is declared of the first rows. */
  readonly rows: readonly JsonValue[]
  /** How many rows there are. */
  readonly count: number
  /** The members that an object has in any example: the id, and those that the schema requires. */
  readonly always: readonly string[]
  /** Generates as many rows; absent where the document declares nothing to generate from. */
  readonly made?: MadeExampleRecord
}

/** A made example: the same schema and seeds always yield the same value. */
export type MadeExampleRecord = {
  readonly schema: MadeExampleSchema
  /** Of the document and the type: a whole number of 32 bits. */
  readonly seed: number
  /** Of the document alone, as ids are the same in all of its types: a whole number of 32 bits. */
  readonly idSeed: number
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
