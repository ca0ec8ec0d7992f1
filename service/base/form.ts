import type { JsonObject } from './json.ts'

declare const read: unique symbol

/** Kinds of JSON values, as the keyword `type` names them. */
export type ValueKind = 'null' | 'boolean' | 'string' | 'integer' | 'number' | 'object' | 'array'

/** Keywords of JSON Schema 2020-12 that a form may have, and words for people. */
export type Keywords = {
  readonly type?: ValueKind
  readonly const?: string | boolean
  readonly anyOf?: readonly Form[]
  readonly properties?: Members
  readonly required?: readonly string[]
  readonly additionalProperties?: Form
  readonly items?: Form
  readonly minItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly default?: FormDefault | readonly FormDefault[]
  readonly description?: string
  /** Describes the values that fit. */
  readonly allowed?: string
  /** Whether a value must not be shown. */
  readonly secret?: boolean
  /** A rule on texts that no keyword expresses. */
  readonly isValid?: (text: string) => boolean
  /** The words that mean something, in any letter case with `foldsCase`. Whoever reads a value reports others. */
  readonly words?: readonly string[]
  readonly foldsCase?: true
  /** Words that, where a manifest has one in place of an object, are its `type` and all that it needs. */
  readonly bare?: readonly string[]
  /** Further rules in JSON Schema, broken by what whoever reads a value reports. */
  readonly rules?: readonly JsonObject[]
  /** The name under which JSON Schemas define the form once. */
  readonly definition?: string
}

type FormDefault = string | number | boolean

/**
 * What a value must be: a schema in the part of JSON Schema that settings and `x-flow` keys need. The names
 * below are those of TypeBox, which commands and compile processes do not load, because that takes them
 * longer than all their other modules.
 *
 * @typeParam T The type of the values that fit.
 */
export type Form<T = unknown> = Keywords & { readonly [read]?: T }

/** The type of the values that fit a form. */
export type Static<F extends Form> = F extends Form<infer T> ? T : never

/** The forms of the members of an object. */
export type Members = { readonly [name: string]: Form & { readonly isOptional?: true } }

type OptionalName<M extends Members> = {
  [Name in keyof M]: M[Name] extends { readonly isOptional: true } ? Name : never
}[keyof M]

type ObjectOf<M extends Members> = {
  readonly [Name in Exclude<keyof M, OptionalName<M>>]: Static<M[Name]>
} & { readonly [Name in OptionalName<M>]?: Static<M[Name]> }

export const Type = {
  Unknown: (keywords?: Keywords): Form => ({ ...keywords }),
  Null: (): Form<null> => ({ type: 'null' }),
  Boolean: (keywords?: Keywords): Form<boolean> => ({ type: 'boolean', ...keywords }),
  String: (keywords?: Keywords): Form<string> => ({ type: 'string', ...keywords }),
  Integer: (keywords?: Keywords): Form<number> => ({ type: 'integer', ...keywords }),
  Number: (keywords?: Keywords): Form<number> => ({ type: 'number', ...keywords }),
  Literal: <const T extends string | boolean>(value: T): Form<T> => ({
    type: typeof value === 'string' ? 'string' : 'boolean',
    const: value
  }),
  Union: <const F extends readonly Form[]>(
    choices: F,
    keywords?: Keywords
  ): Form<Static<F[number]>> => ({ anyOf: choices, ...keywords }),
  Array: <F extends Form>(items: F, keywords?: Keywords): Form<readonly Static<F>[]> => ({
    type: 'array',
    items,
    ...keywords
  }),
  /** Any names, with values of one form. */
  Record: <F extends Form>(
    values: F,
    keywords?: Keywords
  ): Form<{ readonly [name: string]: Static<F> }> => ({
    type: 'object',
    additionalProperties: values,
    ...keywords
  }),
  /** Other members are allowed. */
  Object: <M extends Members>(
    properties: M,
    keywords?: Keywords
  ): Form<ObjectOf<M>> & { readonly properties: M } => ({
    type: 'object',
    required: Object.keys(properties).filter(name => properties[name]?.isOptional !== true),
    ...keywords,
    properties
  }),
  /** A member that may be missing. */
  Optional: <F extends Form>(form: F): F & { readonly isOptional: true } => ({
    ...form,
    isOptional: true
  })
}
