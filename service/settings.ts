import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { editDistance, nearest } from './base/nearest.ts'

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
  REDIS_URL: Type.Refine(
    Type.String({
      default: '',
      description:
        'Redis that several instances share: `redis://host:6379`, or `rediss://user:password@host:6379/0` over TLS. It needs `STORE_KEY`. Unset: each remembers for itself.'
    }),
    text => text === '' || isRedisUrl(text)
  ),
  REDIS_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 200,
    description:
      'Milliseconds that a request waits for an answer of Redis at the most, before it goes on without.'
  }),
  STORE_KEY: Type.String({
    pattern: '^([A-Za-z0-9+/_-]{43}=?(, ?[A-Za-z0-9+/_-]{43}=?)*)?$',
    default: '',
    description:
      'Keys of 32 bytes in base64, separated by commas, the newest first: they seal page tokens and what is kept in Redis. Unset: made at the start, so that tokens end with the process.'
  }),
  EGRESS_ALLOW: Type.String({
    default: '',
    description:
      'What may be called although it is private, separated by commas: `host`, `*.host`, an address or a CIDR, each with `:port` if only that port is meant. Also names the ports of well-known services that may be called.'
  }),
  EGRESS_DENY: Type.String({
    default: '',
    description: 'What may not be called, in the same form. Wins over `EGRESS_ALLOW`.'
  }),
  EGRESS_PROXY: Type.String({
    default: '',
    description:
      'Proxy that makes all calls, such as `http://proxy.example.com:3128`, with `user:password@` before the host if it asks for them.'
  }),
  CA_FILE: Type.String({
    default: '',
    description: "File of certificates in PEM that are trusted besides the system's."
  }),
  CLIENT_CERT_FILE: Type.String({
    default: '',
    description:
      'File of the client certificate in PEM, with its chain, for servers that ask for one. Needs `CLIENT_KEY_FILE`.'
  }),
  CLIENT_KEY_FILE: Type.String({
    default: '',
    description: 'File of its private key in PEM, not encrypted.'
  }),
  CONNECTOR_USERNAME: Type.String({
    pattern: '^[^:\\x00-\\x1f\\x7f]*$',
    default: '',
    description:
      'User name of the basic login by which the platform calls; goes with CONNECTOR_PASSWORD. Blank for none.'
  }),
  CONNECTOR_PASSWORD: Type.String({
    pattern: '^[^\\x00-\\x1f\\x7f]*$',
    default: '',
    description: 'Password of that login.'
  }),
  CONNECTOR_TOKENS: Type.String({
    pattern: '^([\\w.~-]{16,}( *, *[\\w.~-]{16,})*)?$',
    default: '',
    description:
      "Secrets of at least 16 letters, digits and `- . _ ~`, separated by commas: each opens every route below `/k/<token>` of the service's address. Blank for none."
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
      'Milliseconds of one flow request, with its wait for a turn, document, pages, batches and saves, and as many for it to arrive; the platform gives up after 100 s.'
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
      'Bytes of what is kept in memory at the most: a quarter of it for texts of documents and objects that flows have loaded, the rest for compiled documents.'
  }),
  COMPILE_THREADS: Type.Integer({
    minimum: 1,
    default: 1,
    description:
      'Documents that are compiled at the same time, each in a process of its own. Of each tenant up to 16 wait.'
  }),
  COMPILE_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 10_000,
    description:
      'Milliseconds of compiling one document, without the time in which others are read that it refers to.'
  }),
  MAX_IN_FLIGHT: Type.Integer({
    minimum: 1,
    default: 512,
    description:
      'Flow requests that run at the same time at the most. Others wait, up to 128 of each tenant, and the tenant with the fewest running comes next.'
  }),
  TENANT_REQUESTS_PER_SECOND: Type.Optional(
    Type.Integer({
      minimum: 1,
      description: 'Flow requests that a tenant may make within a second. Blank for no limit.'
    })
  ),
  SHUTDOWN_GRACE_MS: Type.Integer({
    minimum: 0,
    default: 10_000,
    description: 'Milliseconds that running requests get to end after a stop signal.'
  }),
  METRICS: Type.Union([Type.Literal('on'), Type.Literal('off'), Type.Literal('open')], {
    default: 'on',
    description:
      'Whether `GET /metrics` has counts for Prometheus: `on` for whoever has a key of the door, `open` for everybody, `off` for nobody.'
  })
})
export type Settings = Static<typeof SettingsSchema>

/** A setting that cannot be used: its name, what it got, what is allowed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** What is allowed where the schema has a pattern, in words. */
const PATTERN_WORDS: { readonly [name: string]: string } = {
  BASE_PATH: 'a path such as /flow, without a slash at its end',
  STORE_KEY: 'keys of 32 bytes in base64, separated by commas',
  REDIS_URL: 'redis:// or rediss:// with a host, and as needed user, password, port and number',
  CONNECTOR_USERNAME: 'text without a colon and without control characters',
  CONNECTOR_PASSWORD: 'text without control characters',
  CONNECTOR_TOKENS: 'secrets of at least 16 letters, digits and - . _ ~ each, separated by commas'
}

/** A secret that is malformed by one character is still most of a secret, so it is never printed. */
const SECRETS = [
  'STORE_KEY',
  'REDIS_URL',
  'CONNECTOR_USERNAME',
  'CONNECTOR_PASSWORD',
  'CONNECTOR_TOKENS'
]

const LEVEL_WORDS: Record<string, string> = { warning: 'warn', critical: 'fatal', off: 'silent' }

/**
 * Reads the settings from an environment.
 *
 * @returns The settings, and a warning for each name that is one or two letters from one of ours.
 * @throws SettingsError for a malformed value, for `REDIS_URL` without `STORE_KEY`, and for one half of a
 *   login.
 */
export function readSettings(environment: { readonly [name: string]: string | undefined }): {
  readonly settings: Settings
  readonly warnings: readonly string[]
} {
  const entries = Object.entries(SettingsSchema.properties).flatMap(([name, schema]) => {
    const text = environment[name]?.trim() ?? ''
    if (text === '') return 'default' in schema ? [[name, schema.default]] : []
    const value = settingValue(name, text, schema)
    if (!Value.Check(schema, value)) {
      const shown = SECRETS.includes(name) ? 'malformed' : `"${text}"`
      throw new SettingsError(`${name} is ${shown}; allowed is ${allowed(name, schema)}`)
    }
    return [[name, value]]
  })
  const settings = Value.Parse(SettingsSchema, Object.fromEntries(entries))
  refuseHalfLogin(settings)
  if (settings.REDIS_URL !== '' && settings.STORE_KEY === '') {
    throw new SettingsError(
      `STORE_KEY is blank, and REDIS_URL needs it; allowed is ${allowed('STORE_KEY', {})}, the same for all instances`
    )
  }
  return { settings, warnings: misspelt(environment) }
}

function refuseHalfLogin({ CONNECTOR_USERNAME, CONNECTOR_PASSWORD }: Settings): void {
  if ((CONNECTOR_USERNAME === '') === (CONNECTOR_PASSWORD === '')) return
  const [given, missing] =
    CONNECTOR_USERNAME === ''
      ? ['CONNECTOR_PASSWORD', 'CONNECTOR_USERNAME']
      : ['CONNECTOR_USERNAME', 'CONNECTOR_PASSWORD']
  throw new SettingsError(`${missing} is blank; it is needed beside ${given}, as a login has both`)
}

function settingValue(name: string, text: string, schema: object): string | number {
  if (name === 'LOG_LEVEL') return LEVEL_WORDS[text.toLowerCase()] ?? text.toLowerCase()
  if ('type' in schema && schema.type === 'string') return text
  return /^-?\d+$/.test(text) ? Number(text) : text
}

function allowed(name: string, schema: object): string {
  if ('anyOf' in schema && Array.isArray(schema.anyOf)) {
    return `one of ${schema.anyOf.map(choice => choice.const).join(', ')}`
  }
  const words = PATTERN_WORDS[name]
  if (words !== undefined) return words
  const least = 'minimum' in schema ? schema.minimum : undefined
  const most = 'maximum' in schema ? schema.maximum : undefined
  return `a whole number${least === undefined ? '' : ` from ${least}`}${most === undefined ? '' : ` to ${most}`}`
}

function isRedisUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^rediss?:\/\//.test(text) || url.hostname === '') return false
  try {
    decodeURIComponent(url.username + url.password)
  } catch {
    return false
  }
  return /^(\/\d*)?$/.test(url.pathname) && url.search === '' && url.hash === ''
}

function misspelt(environment: { readonly [name: string]: string | undefined }): string[] {
  const known = Object.keys(SettingsSchema.properties)
  return Object.keys(environment).flatMap(name => {
    const meant = known.includes(name) || name.length < 5 ? undefined : nearest(name, known)
    return meant !== undefined && editDistance(name, meant) <= 2
      ? [`${name} is not a setting; did you mean ${meant}?`]
      : []
  })
}
