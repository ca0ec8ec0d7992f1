import type { JsonValue } from '../base/json.ts'

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
  /** The schema of the answer is one object, so that a query has one row. */
  readonly isSingle?: true
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
