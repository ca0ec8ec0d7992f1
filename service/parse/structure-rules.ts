/** What a value of a document has to be. */
export type Rule =
  | { readonly is: 'any' | 'boolean' | 'number' | 'integer' }
  /** A text; one of `words`, if there are any. */
  | { readonly is: 'text'; readonly words?: readonly string[] }
  | { readonly is: 'list'; readonly of: Rule; readonly min?: number }
  | { readonly is: 'map'; readonly of: Rule; readonly keys?: KeyRule }
  /** An object of the specification; with `mayRefer` also a Reference Object. */
  | { readonly is: 'object'; readonly of: ObjectName; readonly mayRefer?: true }
  | { readonly is: 'either'; readonly of: readonly Rule[] }

/** What the keys of a map have to be. */
export type KeyRule = {
  readonly fits: RegExp
  /** For people: `begin with a slash`. */
  readonly wanted: string
  /** Keys that begin with `x-` are extensions. */
  readonly hasExtensions?: true
}

/** An object of the OpenAPI Specification. */
export type ObjectRule = {
  /** For people: `operation`. */
  readonly name: string
  readonly members: { readonly [key: string]: Rule }
  readonly required?: readonly string[]
  /** Pairs of members of which an object has one at most. */
  readonly exclusive?: readonly (readonly [string, string])[]
  /** It may have any other members, too. */
  readonly isOpen?: true
}

export type ObjectName =
  | 'document'
  | 'info'
  | 'contact'
  | 'license'
  | 'server'
  | 'serverVariable'
  | 'components'
  | 'pathItem'
  | 'operation'
  | 'externalDocs'
  | 'parameter'
  | 'header'
  | 'requestBody'
  | 'mediaType'
  | 'encoding'
  | 'response'
  | 'example'
  | 'link'
  | 'tag'
  | 'securityScheme'
  | 'flows'
  | 'authorizationFlow'
  | 'tokenFlow'
  | 'codeFlow'
  | 'deviceFlow'
  | 'discriminator'
  | 'xml'
  | 'schema'

/** The objects of one version by their names. */
export type ObjectRules = { readonly [name in ObjectName]: ObjectRule }

export const ANY: Rule = { is: 'any' }
export const TEXT: Rule = { is: 'text' }
export const BOOLEAN: Rule = { is: 'boolean' }
export const NUMBER: Rule = { is: 'number' }
export const INTEGER: Rule = { is: 'integer' }
export const words = (known: readonly string[]): Rule => ({ is: 'text', words: known })
export const list = (of: Rule, min = 0): Rule => ({ is: 'list', of, min })
export const map = (of: Rule, keys?: KeyRule): Rule => ({ is: 'map', of, ...(keys && { keys }) })
export const either = (...of: readonly Rule[]): Rule => ({ is: 'either', of })
export const object = (of: ObjectName): Rule => ({ is: 'object', of })
export const referable = (of: ObjectName): Rule => ({ is: 'object', of, mayRefer: true })

/** The members that an object has from a version on. */
export type MembersFrom = (first: number, members: ObjectRule['members']) => ObjectRule['members']

/** A Schema Object, from 3.1 on also true or false. */
export function schemaRule(minor: number): Rule {
  return minor === 0 ? referable('schema') : either(BOOLEAN, object('schema'))
}
