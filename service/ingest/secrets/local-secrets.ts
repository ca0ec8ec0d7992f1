import { isJsonArray, isJsonObject, ownMember, plainText } from '../../base/json.ts'
import { ConnectorError } from '../../errors.ts'
import { parseOther } from '../../parse/parse-document.ts'

/** Finds the secret of a name; null where there is none. */
export type SecretLookup = (name: string) => Promise<string | null>

export type Environment = { readonly [name: string]: string | undefined }

/** A line `NAME=value`. */
const LINE = /^\s*(?:export\s+)?([\w./-]+)=(.*)$/

/**
 * Looks secrets up in the environment (docs/catalog.md#secrets): `secret:/a/b` is the variable `A_B`, and `secret:TOKEN` is `TOKEN`.
 */
export function createLocalLookup(environment: Environment): SecretLookup {
  return async name =>
    ownMember(environment, name) || ownMember(environment, variableOf(name)) || null
}

/** The environment variable that holds a secret. */
export function variableOf(name: string): string {
  const words = name.split(/[^A-Za-z0-9]/).filter(word => word !== '')
  return words.join('_').toUpperCase()
}

/**
 * Reads a file of secrets: a mapping of names to texts in YAML or JSON, or lines `NAME=value`.
 *
 * @param name Of the file, for messages, which quote nothing of it.
 * @throws ConnectorError `SECRETS_MALFORMED`, `DOCUMENT_NOT_PARSED`.
 */
export function readSecrets(text: string, name: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).filter(line => !/^\s*(#|$)/.test(line))
  if (lines.every(line => LINE.test(line))) return new Map(lines.map(entryOf))
  const malformed = new ConnectorError('SECRETS_MALFORMED', { file: name })
  const root = parseOther(text, name)
  if (!isJsonObject(root)) throw malformed
  return new Map(
    Object.entries(root).map(([key, value]) => {
      if (value === null || isJsonArray(value) || isJsonObject(value)) throw malformed
      return [key, plainText(value)]
    })
  )
}

function entryOf(line: string): [name: string, value: string] {
  const [, name = '', given = ''] = LINE.exec(line) ?? []
  const value = given.trim()
  const isQuoted = /^(".*"|'.*')$/.test(value)
  return [name, isQuoted ? value.slice(1, -1) : value]
}
