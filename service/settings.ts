import type { Static } from './base/form.ts'
import { Type } from './base/form.ts'

const KiB = 1024
const MiB = 1024 * KiB

/**
 * The environment variables that the service reads (docs/settings.md#settings). Names end in their unit, and
 * lists are separated by commas. `allowed` completes the message for a malformed value, which does not
 * repeat the value if it is `secret`.
 */
export const SettingsSchema = Type.Object({
  PORT: Type.Integer({
    minimum: 0,
    maximum: 65535,
    default: 8080,
    description: 'Port to listen on; 0 for any free port.'
  }),
  HOST: Type.String({ default: '0.0.0.0', description: 'Address to listen on.' }),
  BASE_PATH: Type.String({
    pattern: '^(/[^/?#]+)*$',
    default: '',
    allowed: 'a path such as /flow, without a slash at its end',
    description:
      'Path in front of every route, for a service behind a proxy, such as `/flow`. Blank for none.'
  }),
  LOG_LEVEL: Type.Union(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map(level =>
      Type.Literal(level)
    ),
    { default: 'info', description: 'Lowest level that is logged.' }
  ),
  REDIS_URL: Type.String({
    default: '',
    allowed: 'redis:// or rediss:// with a host, and as needed user, password, port and number',
    secret: true,
    description:
      'Redis that several instances share: `redis://host:6379`, or `rediss://user:password@host:6379/0` over TLS. Requires `STORE_KEY`. Blank: each instance keeps its own state.',
    isValid: text => text === '' || isRedisUrl(text)
  }),
  REDIS_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 200,
    description: 'Milliseconds that a request waits for Redis before it continues without it.'
  }),
  STORE_KEY: Type.String({
    pattern: '^([A-Za-z0-9+/_-]{43}=?(, ?[A-Za-z0-9+/_-]{43}=?)*)?$',
    default: '',
    allowed: 'keys of 32 bytes in base64, separated by commas',
    secret: true,
    description:
      'Keys of 32 bytes in base64, newest first, separated by commas. They seal login handles, page tokens and values in Redis. Blank: generated at the start, so tokens end with the process.'
  }),
  EGRESS_ALLOW: Type.String({
    default: '',
    description:
      'Private hosts that may be called, separated by commas: `host`, `*.host`, an address or a CIDR, each with an optional `:port`. An entry with a port also allows a port that is refused by default.'
  }),
  EGRESS_DENY: Type.String({
    default: '',
    description:
      'Hosts that may not be called, in the same form. Takes precedence over `EGRESS_ALLOW`.'
  }),
  EGRESS_PROXY: Type.String({
    default: '',
    description:
      'Proxy for all calls, such as `http://proxy.example.com:3128`, with `user:password@` before the host if it requires them.'
  }),
  CA_FILE: Type.String({
    default: '',
    description: 'PEM file of certificates that are trusted in addition to those of the system.'
  }),
  CLIENT_CERT_FILE: Type.String({
    default: '',
    description:
      'PEM file of the client certificate with its chain, for servers that ask for one. Requires `CLIENT_KEY_FILE`.'
  }),
  CLIENT_KEY_FILE: Type.String({
    default: '',
    description: 'PEM file of its private key, not encrypted.'
  }),
  CONNECTOR_USERNAME: Type.String({
    pattern: '^[^:\\x00-\\x1f\\x7f]*$',
    default: '',
    allowed: 'text without a colon and without control characters',
    secret: true,
    description:
      'User name with which the platform calls the connector. Requires `CONNECTOR_PASSWORD`. Blank for none.'
  }),
  CONNECTOR_PASSWORD: Type.String({
    pattern: '^[^\\x00-\\x1f\\x7f]*$',
    default: '',
    allowed: 'text without control characters',
    secret: true,
    description: 'Password for `CONNECTOR_USERNAME`.'
  }),
  CONNECTOR_TOKENS: Type.String({
    pattern: '^([\\w.~-]{16,}( *, *[\\w.~-]{16,})*)?$',
    default: '',
    allowed: 'secrets of at least 16 letters, digits and - . _ ~ each, separated by commas',
    secret: true,
    description:
      'Path tokens of at least 16 letters, digits and `- . _ ~`, separated by commas. Each gives access to every route below `/k/<token>`. Blank for none.'
  }),
  DOCUMENT_TTL_S: Type.Integer({
    minimum: 0,
    default: 300,
    description: 'Seconds for which a document is used without revalidation.'
  }),
  DOCUMENT_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 64 * MiB,
    description: 'Maximum bytes of a document, decoded, including the documents that it refers to.'
  }),
  RESPONSE_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 16 * MiB,
    description: 'Maximum bytes of an answer of an API, decoded.'
  }),
  ANSWER_MAX_VALUES: Type.Integer({
    minimum: 1,
    default: 1_000_000,
    description:
      'Maximum values of an answer of an API: objects, items and members at any depth. Also the maximum of objects that a load makes of it, times the properties of their types.'
  }),
  REQUEST_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 32 * MiB,
    description: 'Maximum bytes of the body of a platform request.'
  }),
  REQUEST_MAX_DEPTH: Type.Integer({
    minimum: 1,
    default: 200,
    description: 'Maximum levels of nesting in the body of a platform request.'
  }),
  REQUEST_MAX_VALUES: Type.Integer({
    minimum: 1,
    default: 1_000_000,
    description:
      'Maximum values in the body of a platform request: objects, items and members at any depth.'
  }),
  REQUEST_MAX_OBJECTS: Type.Integer({
    minimum: 1,
    default: 10_000,
    description: 'Maximum objects in the list of a platform request.'
  }),
  OBJECT_MAX_PROPERTIES: Type.Integer({
    minimum: 1,
    default: 10_000,
    description:
      'Maximum properties of one object of a platform request, together with the objects in it and their properties at any depth.'
  }),
  PROPERTY_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 8 * MiB,
    description: 'Maximum bytes of the value of one property in a platform request.'
  }),
  BODIES_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 128 * MiB,
    description:
      'Maximum bytes of the bodies of all requests that are under way, with 64 bytes more for each value in them. With several `CONNECTOR_TOKENS`, or one beside a basic login, requests of one take at most three quarters.'
  }),
  FETCHES_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 128 * MiB,
    description:
      'Maximum bytes of all documents that are being fetched, as sent and decoded. With several `CONNECTOR_TOKENS`, or one beside a basic login, those of one take at most three quarters, and of these the ones of one tenant three quarters.'
  }),
  ANSWERS_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 256 * MiB,
    description:
      'Maximum bytes of all answers of APIs that are being read, as sent and decoded, with 64 bytes more for each value in long ones. Shared like `FETCHES_MAX_BYTES`.'
  }),
  FILTER_MAX_CRITERIA: Type.Integer({
    minimum: 1,
    default: 500,
    description: 'Maximum conditions, columns to sort by and columns to search in one list filter.'
  }),
  FILTER_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 64 * KiB,
    description: 'Maximum bytes of the texts in one list filter: values, search texts and columns.'
  }),
  CONFIG_VALUE_MAX_BYTES: Type.Integer({
    minimum: 1,
    default: 64 * KiB,
    description: 'Maximum bytes of one configuration value.'
  }),
  UPSTREAM_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 15_000,
    description: 'Maximum milliseconds of one call to an API, including retries and waiting.'
  }),
  FLOW_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 60_000,
    description:
      'Maximum milliseconds of one flow request, including queueing, document, pages, batches and saves; also the maximum time for the request to arrive. The platform gives up after 100 s.'
  }),
  CONNECT_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 2_000,
    description: 'Maximum milliseconds to open a connection.'
  }),
  SCAN_MAX_RECORDS: Type.Integer({
    minimum: 1,
    default: 1_000,
    description: 'Maximum objects that one load reads from an API.'
  }),
  SCAN_MAX_PAGES: Type.Integer({
    minimum: 1,
    default: 10,
    description: 'Maximum requests of one load that reads all pages to filter or sort.'
  }),
  DERIVED_TYPES_PER_TYPE: Type.Integer({
    minimum: 0,
    default: 200,
    description: 'Maximum derived types below one named type.'
  }),
  DERIVED_TYPES_MAX: Type.Integer({
    minimum: 0,
    default: 5_000,
    description: 'Maximum derived types of one document.'
  }),
  MODEL_CACHE_MAX_BYTES: Type.Integer({
    minimum: 0,
    default: 256 * MiB,
    description:
      'Maximum bytes kept in memory: a quarter for the texts of documents and for objects that flows have loaded, the rest for compiled documents.'
  }),
  COMPILE_PROCESSES: Type.Integer({
    minimum: 1,
    default: 1,
    description:
      'Number of documents that are compiled at the same time, each in its own process. Up to 16 of each tenant wait. The former name, `COMPILE_THREADS`, is still read, with a warning.'
  }),
  COMPILE_TIMEOUT_MS: Type.Integer({
    minimum: 1,
    default: 10_000,
    description:
      'Maximum milliseconds to compile one document, excluding the time to read the documents that it refers to.'
  }),
  MAX_IN_FLIGHT: Type.Integer({
    minimum: 1,
    default: 512,
    description:
      'Maximum flow requests that run at the same time, until their answers are read. Others wait, up to 128 of each tenant; next is the door token with the fewest running requests, and its tenant with the fewest. Where there are several door tokens, each has at most three quarters.'
  }),
  WAITING_MAX: Type.Integer({
    minimum: 0,
    default: 1_024,
    description:
      'Maximum flow requests that wait, of all tenants together; also of documents that wait to be compiled.'
  }),
  ANSWER_MIN_BYTES_PER_SECOND: Type.Integer({
    minimum: 0,
    default: 32 * 1024,
    description:
      'Bytes of an answer that a caller must read per second, counted in periods of five seconds; the connection of a slower one is closed. 0 for no minimum.'
  }),
  APPROVED_DOCUMENTS_MAX: Type.Integer({
    minimum: 1,
    default: 100_000,
    description:
      'Maximum documents, of all tenants behind one door token, whose first hosts are remembered. Past it, further ones send credentials to their own host, to `Server URL` and to `Allowed Hosts` only.'
  }),
  DOOR_REQUESTS_PER_SECOND: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'Maximum flow requests per second of all tenants behind one path token, behind the basic login, or behind neither. Blank for no limit.'
    })
  ),
  TENANT_REQUESTS_PER_SECOND: Type.Optional(
    Type.Integer({
      minimum: 1,
      description:
        'Maximum flow requests per second of one tenant, whose name the caller chooses. Blank for no limit.'
    })
  ),
  SHUTDOWN_GRACE_MS: Type.Integer({
    minimum: 0,
    default: 10_000,
    description:
      'Milliseconds within which the service stops after SIGTERM; see [Stopping](running.md#stopping).'
  }),
  METRICS: Type.Union([Type.Literal('on'), Type.Literal('off'), Type.Literal('open')], {
    default: 'on',
    description:
      'Who may read `GET /metrics`: `on` for callers with connector credentials, `open` for everybody, `off` for nobody.'
  })
})
export type Settings = Static<typeof SettingsSchema>

/** An invalid setting. The message names the setting, its value unless it is secret, and what is allowed. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
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

/** How many types may be derived from nested schemas: below one named type, and in a document. */
export type DerivedTypeBounds = { readonly perType: number; readonly total: number }

export function derivedTypeBounds(settings: Settings): DerivedTypeBounds {
  return { perType: settings.DERIVED_TYPES_PER_TYPE, total: settings.DERIVED_TYPES_MAX }
}
