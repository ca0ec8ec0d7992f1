import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { nearest } from './base/nearest.ts'

const MiB = 1024 * 1024

/**
 * The environment that the service reads (design 4). A name carries its unit; lists are separated by
 * commas; a blank value is the same as an unset one.
 */
export const SettingsSchema = Type.Object({
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 8080,
    description: 'Port to listen on; 0 takes any free one.'
  }),
  HOST: Type.String({ default: '0.0.0.0', description: 'Address to listen on.' }),
  BASE_PATH: Type.String({
    pattern: '^(/[^/?#]+)*$',
    default: '',
    description:
      'Path in front of every route, for a service behind a proxy: `/flow`. Blank for none.'
  }),
  LOG_LEVEL: Type.Union(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map(level =>
      Type.Literal(level)
    ),
    { default: 'info', description: 'Least severe level that is logged.' }
  ),
  STORE_KEY: Type.String({
    pattern: '^([A-Za-z0-9+/_-]{43}=?(, ?[A-Za-z0-9+/_-]{43}=?)*)?$',
    default: '',
    description:
      'Keys of 32 bytes in base64, separated by commas, the newest first: they seal page tokens. Unset: made at the start, so that tokens end with the process.'
  }),
  DOCUMENT_TTL_S: Type.Integer({
    minimum: 0,
    default: 300,
    description: 'Seconds that a document is used without asking its server whether it changed.'
  }),
  DOCUMENT_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 64 * MiB,
    description: 'Bytes of a document at the most, decoded, with those that it refers to.'
  }),
  RESPONSE_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 16 * MiB,
    description: "Bytes of an API's answer at the most, decoded."
  }),
  REQUEST_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 32 * MiB,
    description: "Bytes of a platform request's body at the most."
  }),
  REQUEST_MAX_DEPTH: Type.Integer({
    minimum: 1,
    default: 200,
    description: "Levels of nesting in a platform request's body at the most."
  }),
  UPSTREAM_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 15_000,
    description: 'Milliseconds of one upstream call with its repeats and waits.'
  }),
  FLOW_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 60_000,
    description:
      'Milliseconds of one flow request, with its document, pages, batches and saves; the platform gives up after 100 s.'
  }),
  CONNECT_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 2_000,
    description: 'Milliseconds to open a connection.'
  }),
  SCAN_MAX_RECORDS: Type.Integer({
    minimum: 1,
    default: 1_000,
    description: 'Objects that one load reads from an API at the most.'
  }),
  SCAN_MAX_PAGES: Type.Integer({
    minimum: 1,
    default: 10,
    description: 'Requests of one load that reads through pages at the most.'
  }),
  DERIVED_TYPES_PER_TYPE: Type.Integer({
    minimum: 0,
    default: 200,
    description: 'Derived types below one named type at the most.'
  }),
  DERIVED_TYPES_MAX: Type.Integer({
    minimum: 0,
    default: 5_000,
    description: 'Derived types of one document at the most.'
  }),
  MODEL_CACHE_MAX_BYTES: Type.Integer({
    minimum: 0,
    default: 256 * MiB,
    description:
      'Bytes of documents, and of objects that flows have loaded, that are kept in memory at the most.'
  }),
  SHUTDOWN_GRACE_MS: Type.Integer({
    minimum: 0,
    default: 10_000,
    description: 'Milliseconds that running requests get to end after a stop signal.'
  })
})
export type Settings = Static<typeof SettingsSchema>

/** A setting that cannot be used: its name, what it got, what is allowed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

const LEVEL_WORDS: Record<string, string> = { warning: 'warn', critical: 'fatal', off: 'silent' }

/**
 * Reads the settings from an environment.
 *
 * @returns The settings, and a warning for each name that is one or two letters from one of ours.
 * @throws SettingsError for a malformed value.
 */
export function readSettings(environment: { readonly [name: string]: string | undefined }): {
  readonly settings: Settings
  readonly warnings: readonly string[]
} {
  const entries = Object.entries(SettingsSchema.properties).map(([name, schema]) => {
    const text = environment[name]?.trim() ?? ''
    const value = text === '' && 'default' in schema ? schema.default : settingValue(name, text)
    if (!Value.Check(schema, value)) {
      // A key that is malformed by one character is still most of a key.
      const shown = name === 'STORE_KEY' ? 'malformed' : `"${text}"`
      throw new SettingsError(`${name} is ${shown}; allowed is ${allowed(name, schema)}`)
    }
    return [name, value]
  })
  return {
    settings: Value.Parse(SettingsSchema, Object.fromEntries(entries)),
    warnings: misspelt(environment)
  }
}

function settingValue(name: string, text: string): string | number {
  if (name === 'LOG_LEVEL') return LEVEL_WORDS[text.toLowerCase()] ?? text.toLowerCase()
  if (name === 'HOST' || name === 'BASE_PATH' || name === 'STORE_KEY') return text
  return /^-?\d+$/.test(text) ? Number(text) : text
}

function allowed(name: string, schema: object): string {
  if ('anyOf' in schema && Array.isArray(schema.anyOf)) {
    return `one of ${schema.anyOf.map(choice => choice.const).join(', ')}`
  }
  if (name === 'STORE_KEY') return 'keys of 32 bytes in base64, separated by commas'
  if ('pattern' in schema) return 'a path such as /flow, without a slash at its end'
  const least = 'minimum' in schema ? schema.minimum : undefined
  const most = 'maximum' in schema ? schema.maximum : undefined
  return `a whole number${least === undefined ? '' : ` from ${least}`}${most === undefined ? '' : ` to ${most}`}`
}

function misspelt(environment: { readonly [name: string]: string | undefined }): string[] {
  const known = Object.keys(SettingsSchema.properties)
  return Object.keys(environment).flatMap(name => {
    const meant = known.includes(name) || name.length < 5 ? undefined : nearest(name, known)
    const close = meant !== undefined && Math.abs(meant.length - name.length) <= 2
    return close && editsAtMostTwo(name, meant)
      ? [`${name} is not a setting; did you mean ${meant}?`]
      : []
  })
}

/** Whether two names differ by at most two letters put in, left out or changed. */
function editsAtMostTwo(a: string, b: string, left = 2): boolean {
  if (a === b) return true
  if (left === 0) return false
  let same = 0
  while (same < a.length && a[same] === b[same]) same++
  const [restA, restB] = [a.slice(same), b.slice(same)]
  return (
    editsAtMostTwo(restA.slice(1), restB.slice(1), left - 1) ||
    editsAtMostTwo(restA.slice(1), restB, left - 1) ||
    editsAtMostTwo(restA, restB.slice(1), left - 1)
  )
}
