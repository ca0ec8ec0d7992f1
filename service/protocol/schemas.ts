import Type, { type Static, type TProperties, type TSchema } from 'typebox'

import { ORIGINS, VERBS } from '../model/mapping-record.ts'

const INT32_MAX = 2_147_483_647

/** A member of a request, which may be absent or null. */
export const optional = <S extends TSchema>(schema: S) =>
  Type.Optional(Type.Union([schema, Type.Null()]))

const text = optional(Type.String())

/** An object of an answer, which has all its members and no other. */
export const exact = <P extends TProperties>(members: P) =>
  Type.Object(members, { additionalProperties: false })

/** One of some words. */
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  Type.Unsafe<Words[number]>(Type.Union(words.map(word => Type.Literal(word))))

export const textOrNull = Type.Union([Type.String(), Type.Null()])

/** A configuration value, sent with every call. */
export const EngineValue = Type.Object({ developerName: text, contentValue: text })
export type EngineValue = Static<typeof EngineValue>

/** Members that identify the caller; only some calls have `tenantId` and `stateId`. */
export const base = {
  tenantId: text,
  stateId: text,
  configurationValues: optional(Type.Array(EngineValue))
}

/** An empty body and an empty list count as no configuration values. */
export const DescribeServiceRequest = Type.Union([
  Type.Object(base),
  Type.Array(Type.Unknown()),
  Type.Null()
])
export type DescribeServiceRequest = Static<typeof DescribeServiceRequest>

/** An object in a request, nested to any depth (docs/protocol.md#objects). */
export const RequestObject = Type.Cyclic(
  {
    MObject: Type.Object({
      internalId: text,
      externalId: text,
      developerName: text,
      order: optional(Type.Integer()),
      properties: optional(
        Type.Array(
          Type.Object({
            developerName: text,
            contentType: text,
            contentValue: text,
            objectData: optional(Type.Array(Type.Ref('MObject')))
          })
        )
      )
    })
  },
  'MObject'
)
export type RequestObject = Static<typeof RequestObject>

const RequestCondition = Type.Object({
  columnName: text,
  criteriaType: text,
  value: text,
  contentValue: text,
  objectData: optional(Type.Array(Type.Unknown()))
})

/** One level of conditions (docs/protocol.md#conditions). */
export const RequestFilterGroup = Type.Cyclic(
  {
    FilterGroup: Type.Object({
      comparisonType: text,
      where: optional(Type.Array(RequestCondition)),
      listFilters: optional(Type.Array(Type.Ref('FilterGroup')))
    })
  },
  'FilterGroup'
)
export type RequestFilterGroup = Static<typeof RequestFilterGroup>

const count = optional(Type.Integer({ minimum: 0, maximum: INT32_MAX }))

/** docs/protocol.md#load */
export const RequestListFilter = Type.Object({
  id: text,
  filterByProvidedObjects: optional(Type.Boolean()),
  comparisonType: text,
  where: optional(Type.Array(RequestCondition)),
  listFilters: optional(Type.Array(RequestFilterGroup)),
  orderByPropertyDeveloperName: text,
  orderByDirectionType: text,
  orderBy: optional(Type.Array(Type.Object({ columnName: text, direction: text }))),
  limit: count,
  offset: count,
  offsetToken: text,
  search: text,
  searchCriteria: optional(Type.Array(Type.Object({ columnName: text, query: text })))
})
export type RequestListFilter = Static<typeof RequestListFilter>

/** An access rule (docs/protocol.md#authorization). */
export const RequestAuthorization = Type.Object({
  globalAuthenticationType: text,
  users: optional(
    Type.Array(
      Type.Object({
        authenticationId: text,
        attribute: text,
        runningUser: optional(Type.Boolean())
      })
    )
  ),
  groups: optional(Type.Array(Type.Object({ authenticationId: text, attribute: text }))),
  runningAuthenticationId: text
})
export type RequestAuthorization = Static<typeof RequestAuthorization>

/** A load, save or delete: the members that the connector reads. Others are ignored. */
export const ObjectDataRequest = Type.Object({
  ...base,
  objectDataType: optional(Type.Object({ developerName: text })),
  listFilter: optional(RequestListFilter),
  objectData: optional(Type.Array(RequestObject))
})
export type ObjectDataRequest = Static<typeof ObjectDataRequest>

/** An authorization check, or a directory look-up. */
export const AuthorizationRequest = Type.Object({
  ...base,
  authorization: optional(RequestAuthorization),
  listFilter: optional(RequestListFilter),
  objectData: optional(Type.Array(RequestObject))
})
export type AuthorizationRequest = Static<typeof AuthorizationRequest>

/** A login (docs/protocol.md#authentication). */
export const AuthenticationRequest = Type.Object({
  ...base,
  username: text,
  password: text,
  code: text,
  verifier: text,
  redirectUri: text,
  token: text,
  sessionToken: text
})
export type AuthenticationRequest = Static<typeof AuthenticationRequest>

const filled = Type.String({ minLength: 1 })

/** The result of a login; every name of a user is filled. */
export const AuthenticationResponse = Type.Union([
  exact({ status: Type.Literal('ACCESS_DENIED'), statusMessage: Type.String() }),
  exact({
    status: Type.Literal('AUTHENTICATED'),
    statusMessage: Type.Null(),
    userId: filled,
    username: filled,
    email: filled,
    firstName: filled,
    lastName: filled,
    directoryId: filled,
    directoryName: filled,
    roleId: Type.Literal(''),
    roleName: Type.Literal(''),
    primaryGroupId: Type.String(),
    primaryGroupName: Type.String(),
    tenantName: filled,
    identityProvider: filled,
    token: filled,
    culture: Type.Null()
  })
])
export type AuthenticationResponse = Static<typeof AuthenticationResponse>

/** An object in an answer, nested to any depth. */
export const ResponseObject = Type.Cyclic(
  {
    MObject: exact({
      internalId: textOrNull,
      externalId: Type.String({ minLength: 1 }),
      developerName: Type.String(),
      typeElementId: Type.Null(),
      order: Type.Integer(),
      isSelected: Type.Literal(false),
      properties: Type.Array(
        exact({
          typeElementPropertyId: Type.Null(),
          developerName: Type.String(),
          contentType: textOrNull,
          contentFormat: Type.Null(),
          contentValue: textOrNull,
          objectData: Type.Union([Type.Array(Type.Ref('MObject')), Type.Null()])
        })
      )
    })
  },
  'MObject'
)
export type ResponseObject = Static<typeof ResponseObject>

/** The answer of a load, save or delete. */
export const ObjectDataResponse = exact({
  culture: Type.Null(),
  hasMoreResults: Type.Boolean(),
  objectData: Type.Array(ResponseObject),
  offsetToken: Type.Optional(Type.String())
})
export type ObjectDataResponse = Static<typeof ObjectDataResponse>

/** A type with its binding (docs/protocol.md#types). */
export const TypeElement = exact({
  elementType: Type.Literal('TYPE'),
  id: Type.Null(),
  serviceElementId: Type.Null(),
  developerName: Type.String({ minLength: 1 }),
  developerSummary: textOrNull,
  updateByName: Type.Literal(false),
  properties: Type.Array(
    exact({
      id: Type.Null(),
      developerName: Type.String({ minLength: 1 }),
      contentType: Type.String({ pattern: '^Content' }),
      contentFormat: Type.Null(),
      typeElementId: Type.Null(),
      typeElementDeveloperName: textOrNull
    })
  ),
  bindings: Type.Array(
    exact({
      id: Type.Null(),
      serviceElementId: Type.Null(),
      developerName: Type.String({ minLength: 1 }),
      developerSummary: textOrNull,
      databaseTableName: Type.String({ minLength: 1 }),
      propertyBindings: Type.Array(
        exact({
          databaseFieldName: Type.String({ minLength: 1 }),
          typeElementPropertyDeveloperName: Type.String({ minLength: 1 }),
          typeElementPropertyId: Type.Null(),
          databaseContentType: Type.Null()
        })
      )
    })
  )
})
export type TypeElement = Static<typeof TypeElement>

const describeMembers = {
  culture: Type.Null(),
  providesDatabase: Type.Boolean(),
  providesLogic: Type.Boolean(),
  providesIdentity: Type.Boolean(),
  providesFiles: Type.Boolean(),
  providesViews: Type.Boolean(),
  providesSocial: Type.Boolean(),
  providesAutoBinding: Type.Boolean(),
  providesListening: Type.Boolean(),
  providesNotifications: Type.Boolean(),
  providesSmartSave: Type.Boolean(),
  providesSharing: Type.Boolean(),
  providesVoting: Type.Boolean(),
  configurationValues: Type.Array(
    exact({
      developerName: Type.String({ minLength: 1 }),
      contentType: Type.String({ pattern: '^Content' }),
      contentValue: textOrNull,
      typeElementDeveloperName: Type.Null(),
      isRequired: Type.Boolean(),
      required: Type.Boolean(),
      order: Type.Integer(),
      ordinal: Type.Integer()
    })
  ),
  actions: Type.Array(Type.Never()),
  install: exact({ typeElements: Type.Array(TypeElement) })
}

/** The answer of `/metadata` (docs/protocol.md#describe-and-install). */
export const DescribeServiceResponse = exact(describeMembers)
export type DescribeServiceResponse = Static<typeof DescribeServiceResponse>

/** The answer of `/metadata/install`, which repeats the types where older platforms look for them. */
export const InstallResponse = exact({
  ...describeMembers,
  types: Type.Array(TypeElement),
  typeElements: Type.Array(TypeElement)
})
export type InstallResponse = Static<typeof InstallResponse>

/** A diagnostic of a document (docs/x-flow.md#diagnostics). */
export const AnswerDiagnostic = exact({
  code: Type.String(),
  severity: oneOf(['error', 'warning', 'info']),
  message: Type.String(),
  remedy: Type.String(),
  pointer: Type.String(),
  line: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  column: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  file: Type.String()
})

/** How a mapping came about. */
export const MappingOrigin = exact({
  from: oneOf(ORIGINS),
  score: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()]),
  reasons: Type.Array(Type.String())
})

/** The answer of `/preview`: the types that would be installed, the mappings behind them, and the document's diagnostics. */
export const PreviewResponse = exact({
  types: Type.Array(TypeElement),
  actions: Type.Array(Type.Never()),
  mappings: Type.Array(
    exact({
      key: Type.String(),
      type: Type.String(),
      verb: oneOf(VERBS),
      method: Type.String(),
      path: Type.String(),
      origin: MappingOrigin
    })
  ),
  diagnostics: Type.Array(AnswerDiagnostic)
})
export type PreviewResponse = Static<typeof PreviewResponse>

/** A version of a document: its Schema URL, or configuration values that it has in place of the common ones. */
const version = optional(Type.Union([Type.String(), Type.Array(EngineValue)]))

/** A comparison of two versions of a document (docs/running.md#comparing-versions). */
export const DiffRequest = Type.Object({ ...base, old: version, new: version })
export type DiffRequest = Static<typeof DiffRequest>

/** The answer of `/diff`: what changed for flows that have installed the older version. */
export const DiffResponse = exact({
  breaking: Type.Integer({ minimum: 0 }),
  others: Type.Integer({ minimum: 0 }),
  changes: Type.Array(
    exact({
      code: Type.String(),
      breaks: Type.Boolean(),
      message: Type.String(),
      effect: Type.String(),
      version: Type.Union([Type.Literal('old'), Type.Literal('new')]),
      pointer: Type.String(),
      type: textOrNull,
      property: textOrNull,
      mapping: textOrNull
    })
  )
})
export type DiffResponse = Static<typeof DiffResponse>

/** The answer of `/openapi.json`: an OpenAPI document. */
export const ServiceDescription = exact({
  openapi: Type.String(),
  info: Type.Unknown(),
  servers: Type.Unknown(),
  security: Type.Unknown(),
  paths: Type.Record(Type.String(), Type.Unknown()),
  components: Type.Unknown()
})

/** docs/protocol.md#problems */
export const Problem = exact({
  kind: Type.Union([Type.Literal('service'), Type.Literal('api')]),
  uri: Type.String(),
  statusCode: Type.Integer({ minimum: 400, maximum: 599 }),
  message: Type.String({ minLength: 1, maxLength: 500 }),
  responseBody: textOrNull,
  responseHeaders: Type.Record(Type.String(), Type.Array(Type.String())),
  invokeType: Type.Null(),
  action: textOrNull,
  code: Type.String({ minLength: 1 }),
  remedy: Type.String({ minLength: 1 }),
  requestId: Type.String({ minLength: 1 })
})
export type Problem = Static<typeof Problem>
