import type { Form, Members, Static } from '../base/form.ts'
import { Type } from '../base/form.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonObject } from '../base/json.ts'
import { fits, violations } from '../base/violations.ts'

const Named = Type.Record(Type.Unknown())

/** `x-flow-type`: the schema is a flow type. */
export const TypeExtension = Type.Object({
  /** Developer name of the type. */
  name: Type.String({ minLength: 1, maxLength: 250 }),
  /** Fields that are not in the schema, by name, each with its kind. */
  customProperties: Type.Optional(Type.Record(Type.String())),
  /** Dotted path of the property that identifies an object; a list makes a composite key. */
  id: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })])),
  /** Description for flow builders. */
  summary: Type.Optional(Type.String())
})
export type TypeExtension = Static<typeof TypeExtension>

/** `x-flow-pagination`: how an endpoint pages. */
export const PaginationExtension = Type.Object({
  type: Type.Optional(
    Type.Union(
      ['offset', 'page', 'cursor', 'next_link', 'link_header', 'none'].map(kind =>
        Type.Literal(kind)
      )
    )
  ),
  pageSize: Type.Optional(Type.Integer({ minimum: 1 })),
  maxPages: Type.Optional(Type.Integer({ minimum: 1 })),
  pageSizeParam: Type.Optional(Type.String()),
  offsetParam: Type.Optional(Type.String()),
  pageParam: Type.Optional(Type.String()),
  firstPage: Type.Optional(Type.Integer()),
  cursorParam: Type.Optional(Type.String()),
  cursorField: Type.Optional(Type.String()),
  linkField: Type.Optional(Type.String()),
  totalField: Type.Optional(Type.String()),
  hasMoreField: Type.Optional(Type.String()),
  pauseMs: Type.Optional(Type.Integer({ minimum: 0 }))
})

/** `x-flow-load`, `-query`, `-save`, `-update`, `-delete`: the endpoint to call. */
export const MappingExtension = Type.Object({
  /** A key of `paths`. */
  path: Type.String({ minLength: 1 }),
  /** HTTP method in any letter case. Default `get` for load and query, else that of the verb. */
  operation: Type.Optional(Type.String()),
  /** Sources of the endpoint's parameters. */
  parameters: Type.Optional(Named),
  /** Properties left out of the body. */
  exclude: Type.Optional(Type.Record(Type.Boolean())),
  /** Dotted path of the objects in the response. */
  records: Type.Optional(Type.String()),
  /** Dotted path under which the object is wrapped in the request body. */
  body: Type.Optional(Type.String()),
  /** Request headers, with sources like those of parameters. */
  headers: Type.Optional(Named),
  /** How many objects one request may hold. */
  batch: Type.Optional(Type.Object({ size: Type.Integer({ minimum: 1 }) })),
  /** What an update does with blank properties. Default: as the flow has seen them. */
  blank: Type.Optional(Type.Union([Type.Literal('keep'), Type.Literal('clear')])),
  /** Read the object before an update, and send the whole. */
  merge: Type.Optional(Type.Boolean()),
  /** Use an example of the document as the response. */
  example: Type.Optional(
    Type.Union([
      Type.Boolean(),
      Type.Object({
        response: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
        examples: Type.Optional(Type.String())
      })
    ])
  ),
  pagination: Type.Optional(PaginationExtension)
})
export type MappingExtension = Static<typeof MappingExtension>

/** `x-flow-identity`: how a flow user logs in. */
export const IdentityExtension = Type.Object({
  me: Type.Optional(
    Type.Object({
      userInfoUrl: Type.Optional(Type.String()),
      defaultUrl: Type.Optional(Type.String()),
      firstName: Type.Optional(Type.String()),
      lastName: Type.Optional(Type.String()),
      email: Type.Optional(Type.String()),
      username: Type.Optional(Type.String()),
      userId: Type.Optional(Type.String()),
      groups: Type.Optional(Type.String())
    })
  ),
  scope: Type.Optional(Type.String()),
  /** How the client proves itself to the token endpoint. Default: found out. */
  clientAuth: Type.Optional(Type.Union([Type.Literal('basic'), Type.Literal('post')])),
  /** Further parameters of the authorization URL and of requests for tokens. */
  parameters: Type.Optional(Type.Record(Type.Union([Type.String(), Type.Number(), Type.Boolean()])))
})

/** The longest period of a quota: a leap year. */
const QUOTA_SECONDS_MAX = 366 * 24 * 60 * 60

/** `x-flow-rate-limit`: how often an endpoint may be called. */
export const RateLimitExtension = Type.Object({
  requestsPerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  quotas: Type.Optional(
    Type.Array(
      Type.Object({
        calls: Type.Integer({ minimum: 1 }),
        seconds: Type.Number({ minimum: 1, maximum: QUOTA_SECONDS_MAX })
      })
    )
  ),
  remainingHeader: Type.Optional(Type.String()),
  resetHeader: Type.Optional(Type.String())
})

/** `x-flow-retry`: which statuses are retried. */
export const RetryExtension = Type.Object({
  on: Type.Optional(Type.Array(Type.Integer())),
  max: Type.Optional(Type.Integer({ minimum: 0 })),
  ignore: Type.Optional(Type.Array(Type.Integer()))
})

/** `x-flow-failure`: how a 2xx answer says that the call was refused; false: it never does. */
export const FailureExtension = Type.Union([
  Type.Literal(false),
  Type.Object({
    /** Dotted path of the member that says it. */
    flag: Type.String({ minLength: 1 }),
    /** Values of the flag that mean a refusal. Default `[false]`. */
    failed: Type.Optional(
      Type.Array(Type.Union([Type.Boolean(), Type.String(), Type.Number(), Type.Null()]), {
        minItems: 1
      })
    ),
    /** Dotted path of the API's words. */
    message: Type.Optional(Type.String({ minLength: 1 }))
  })
])

/** `x-flow-action`: the operation is a message action. */
export const ActionExtension = Type.Union([
  Type.Boolean(),
  Type.Object({ name: Type.Optional(Type.String()), summary: Type.Optional(Type.String()) })
])

/** `x-flow-values`: where the allowed values come from. */
export const ValuesExtension = Type.Object({
  operation: Type.String(),
  parameters: Type.Optional(Named),
  items: Type.Optional(Type.String()),
  value: Type.Optional(Type.String()),
  title: Type.Optional(Type.String())
})

/** `x-flow-file` at the root: serves `/file*`. */
export const FileExtension = Type.Object({
  list: Type.Optional(MappingExtension),
  upload: Type.Optional(MappingExtension),
  download: Type.Optional(MappingExtension),
  delete: Type.Optional(MappingExtension)
})

/** `x-flow` at the root: defaults of the document. */
export const RootExtension = Type.Object({
  inference: Type.Optional(Type.Union(['auto', 'on', 'off'].map(word => Type.Literal(word)))),
  actions: Type.Optional(Type.String()),
  serverVariables: Type.Optional(Type.Record(Type.String()))
})

/** The kind of object that a key extends (docs/x-flow.md#where-the-keys-go). */
export type ExtendedObject = 'schema' | 'security scheme' | 'operation' | 'parameter' | 'document'

type ExtensionEntry = {
  readonly schema: Form
  /** Anchor of its section in docs/x-flow.md. */
  readonly section: string
  readonly extends: readonly ExtendedObject[]
}

const OPERATION_OR_DOCUMENT: readonly ExtendedObject[] = ['operation', 'document']

/** All x-flow keys, with the schemas of their values. */
export const extensions: { readonly [key: string]: ExtensionEntry } = {
  'x-flow-type': { schema: TypeExtension, section: 'x-flow-type', extends: ['schema'] },
  'x-flow-load': { schema: MappingExtension, section: 'mappings', extends: ['schema'] },
  'x-flow-query': { schema: MappingExtension, section: 'mappings', extends: ['schema'] },
  'x-flow-save': { schema: MappingExtension, section: 'mappings', extends: ['schema'] },
  'x-flow-update': { schema: MappingExtension, section: 'mappings', extends: ['schema'] },
  'x-flow-delete': { schema: MappingExtension, section: 'mappings', extends: ['schema'] },
  'x-flow-identity': { schema: IdentityExtension, section: 'logins', extends: ['security scheme'] },
  'x-flow-pagination': {
    schema: PaginationExtension,
    section: 'paging',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-rate-limit': {
    schema: RateLimitExtension,
    section: 'conduct',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-retry': { schema: RetryExtension, section: 'conduct', extends: OPERATION_OR_DOCUMENT },
  'x-flow-failure': {
    schema: FailureExtension,
    section: 'refusals-in-a-2xx',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-action': {
    schema: ActionExtension,
    section: 'reserved-keys',
    extends: OPERATION_OR_DOCUMENT
  },
  'x-flow-values': {
    schema: ValuesExtension,
    section: 'reserved-keys',
    extends: ['parameter', 'schema']
  },
  'x-flow-file': { schema: FileExtension, section: 'reserved-keys', extends: ['document'] },
  'x-flow': { schema: RootExtension, section: 'reserved-keys', extends: ['document'] }
}

/** A violation of the schema of a key. */
export type Misfit = {
  /** Member names from the value of the key to the violation. */
  readonly path: readonly string[]
  /** For people: `pagination.type must be one of offset, page`. */
  readonly reason: string
}

/** The first violation of a key's schema; undefined when the value is valid. */
export function misfit(schema: Form, value: JsonValue): Misfit | undefined {
  if (fits(schema, value)) return undefined
  // An object is told about the members of an object, not about the other forms of the key.
  const object = isJsonObject(value) ? objectForm(schema) : undefined
  if (object !== undefined && object !== schema) return misfit(object, value)
  const found = [...violations(schema, value)]
  const [first] = found
  if (first === undefined) return undefined
  const place = first.path.join('/')
  const here = found.filter(({ path }) => path.join('/') === place)
  const constants = here.flatMap(({ constant }) => (constant === undefined ? [] : [constant]))
  const types = here
    .flatMap(({ type }) => (type === undefined ? [] : [type]))
    .filter(type => !constants.some(constant => typeof constant === type))
  const rule =
    constants.length > 1
      ? `must be one of ${constants.join(', ')}`
      : types.length + constants.length > 1
        ? `must be ${[...constants, ...types].join(' or ')}`
        : first.message
  const { path } = first
  return { path, reason: `${path.length === 0 ? '' : `${path.join('.')} `}${rule}` }
}

/** The form of a key that is an object, where it may have others. */
function objectForm(schema: Form): Form | undefined {
  const { anyOf = [schema] } = schema
  return anyOf.find(({ properties }) => properties !== undefined)
}

/** The members that a schema declares for an object; null when any name is allowed. */
export function knownMembers(schema: Form): Members | null {
  return objectForm(schema)?.properties ?? null
}
