import Type, { type Static, type TSchema } from 'typebox'
import { Value } from 'typebox/value'

import { pointerParts } from '../base/json-pointer.ts'
import type { JsonValue } from '../base/json.ts'

const Named = Type.Record(Type.String(), Type.Unknown())

/** `x-flow-type`: the schema is a flow type (x-flow 3). */
export const TypeExtension = Type.Object({
  /** Developer name of the type. */
  name: Type.String({ minLength: 1, maxLength: 250 }),
  /** Fields that are not in the schema, by name, each with its kind. */
  customProperties: Type.Optional(Type.Record(Type.String(), Type.String())),
  /** The property that identifies an object, as a dotted path; a list makes a composite key. */
  id: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })])),
  /** What the type is, for the builder. */
  summary: Type.Optional(Type.String())
})
export type TypeExtension = Static<typeof TypeExtension>

/** `x-flow-pagination`: how an endpoint pages (x-flow 7). */
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

/** `x-flow-load`, `-query`, `-save`, `-update`, `-delete`: which endpoint does it (x-flow 4). */
export const MappingExtension = Type.Object({
  /** A key of `paths`. */
  path: Type.String({ minLength: 1 }),
  /** HTTP method in any letter case. Default `get` for load and query, else that of the verb. */
  operation: Type.Optional(Type.String()),
  /** What fills the endpoint's parameters (x-flow 5). */
  parameters: Type.Optional(Named),
  /** Properties left out of the body. */
  exclude: Type.Optional(Type.Record(Type.String(), Type.Boolean())),
  /** Dotted path to the objects in the answer. */
  records: Type.Optional(Type.String()),
  /** Dotted path under which the object is wrapped in the request body. */
  body: Type.Optional(Type.String()),
  /** Request headers, filled like parameters. */
  headers: Type.Optional(Named),
  /** Several objects in one request. */
  batch: Type.Optional(Type.Object({ size: Type.Integer({ minimum: 1 }) })),
  /** Answer from the document (x-flow 9). */
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

/** `x-flow-identity`: how a flow user logs in (x-flow 10). */
export const IdentityExtension = Type.Object({
  me: Type.Optional(
    Type.Object({
      userInfoUrl: Type.Optional(Type.String()),
      defaultUrl: Type.Optional(Type.String()),
      firstName: Type.Optional(Type.String()),
      lastName: Type.Optional(Type.String()),
      email: Type.Optional(Type.String()),
      username: Type.Optional(Type.String()),
      userId: Type.Optional(Type.String())
    })
  ),
  scope: Type.Optional(Type.String())
})

/** `x-flow-rate-limit`: how often an endpoint may be called (x-flow 8). */
export const RateLimitExtension = Type.Object({
  requestsPerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  quotas: Type.Optional(
    Type.Array(
      Type.Object({ calls: Type.Integer({ minimum: 1 }), seconds: Type.Number({ minimum: 1 }) })
    )
  ),
  remainingHeader: Type.Optional(Type.String()),
  resetHeader: Type.Optional(Type.String())
})

/** `x-flow-retry`: which answers are asked for again (x-flow 8). */
export const RetryExtension = Type.Object({
  on: Type.Optional(Type.Array(Type.Integer())),
  max: Type.Optional(Type.Integer({ minimum: 0 })),
  ignore: Type.Optional(Type.Array(Type.Integer()))
})

/** `x-flow-action`: the operation is a message action (x-flow 11). */
export const ActionExtension = Type.Union([
  Type.Boolean(),
  Type.Object({ name: Type.Optional(Type.String()), summary: Type.Optional(Type.String()) })
])

/** `x-flow-values`: where the allowed values come from (x-flow 16). */
export const ValuesExtension = Type.Object({
  operation: Type.String(),
  parameters: Type.Optional(Named),
  items: Type.Optional(Type.String()),
  value: Type.Optional(Type.String()),
  title: Type.Optional(Type.String())
})

/** `x-flow-file` at the root: serves `/file*` (x-flow 16). */
export const FileExtension = Type.Object({
  list: Type.Optional(MappingExtension),
  upload: Type.Optional(MappingExtension),
  download: Type.Optional(MappingExtension),
  delete: Type.Optional(MappingExtension)
})

/** `x-flow` at the root: defaults of the document (x-flow 2). */
export const RootExtension = Type.Object({
  inference: Type.Optional(Type.String()),
  actions: Type.Optional(Type.String()),
  serverVariables: Type.Optional(Type.Record(Type.String(), Type.String()))
})

/** What a key stands on (x-flow 2). */
export type ExtensionPlace = 'schema' | 'security scheme' | 'operation' | 'parameter' | 'document'

type ExtensionEntry = {
  readonly schema: TSchema
  /** The heading of docs/x-flow.md that describes it, as an anchor. */
  readonly section: string
  readonly places: readonly ExtensionPlace[]
}

const CONDUCT_PLACES: readonly ExtensionPlace[] = ['operation', 'document']

/** Every key of the vocabulary, with the form of its value. */
export const extensions: { readonly [key: string]: ExtensionEntry } = {
  'x-flow-type': { schema: TypeExtension, section: 'x-flow-type', places: ['schema'] },
  'x-flow-load': { schema: MappingExtension, section: 'mappings', places: ['schema'] },
  'x-flow-query': { schema: MappingExtension, section: 'mappings', places: ['schema'] },
  'x-flow-save': { schema: MappingExtension, section: 'mappings', places: ['schema'] },
  'x-flow-update': { schema: MappingExtension, section: 'mappings', places: ['schema'] },
  'x-flow-delete': { schema: MappingExtension, section: 'mappings', places: ['schema'] },
  'x-flow-identity': { schema: IdentityExtension, section: 'logins', places: ['security scheme'] },
  'x-flow-pagination': { schema: PaginationExtension, section: 'paging', places: CONDUCT_PLACES },
  'x-flow-rate-limit': { schema: RateLimitExtension, section: 'conduct', places: CONDUCT_PLACES },
  'x-flow-retry': { schema: RetryExtension, section: 'conduct', places: CONDUCT_PLACES },
  'x-flow-action': { schema: ActionExtension, section: 'reserved-keys', places: CONDUCT_PLACES },
  'x-flow-values': {
    schema: ValuesExtension,
    section: 'reserved-keys',
    places: ['parameter', 'schema']
  },
  'x-flow-file': { schema: FileExtension, section: 'reserved-keys', places: ['document'] },
  'x-flow': { schema: RootExtension, section: 'reserved-keys', places: ['document'] }
}

/** A way in which a value does not fit a key's form. */
export type Misfit = {
  /** Member names from the key's value to what does not fit. */
  readonly path: readonly string[]
  /** What is wrong, for a person: `pagination.type must be one of offset, page`. */
  readonly reason: string
}

/** The first way in which a value does not fit a key's form; undefined when it fits. */
export function misfit(schema: TSchema, value: JsonValue): Misfit | undefined {
  if (Value.Check(schema, value)) return undefined
  const errors = Value.Errors(schema, value)
  const [first] = errors
  if (first === undefined) return { path: [], reason: 'it does not fit' }
  const here = errors.filter(({ instancePath }) => instancePath === first.instancePath)
  const constants = here.flatMap(({ params }) =>
    'allowedValue' in params ? [params.allowedValue] : []
  )
  const types = here.flatMap(({ params }) => ('type' in params ? [params.type] : [])).flat()
  const words =
    constants.length > 1
      ? `must be one of ${constants.join(', ')}`
      : types.length > 1
        ? `must be ${types.join(' or ')}`
        : first.message
  const path = pointerParts(first.instancePath) ?? []
  return { path, reason: `${path.length === 0 ? '' : `${path.join('.')} `}${words}` }
}

/** Members that the form of a key knows, by the path of object that holds them; null for free names. */
export function knownMembers(schema: TSchema): { readonly [name: string]: TSchema } | null {
  return Type.IsObject(schema) ? schema.properties : null
}
