import Type, { type Static, type TSchema } from 'typebox'

import type { JsonValue } from '../base/json.ts'
import { CATALOG_DATA_TYPES } from '../model/catalog.ts'
import { ORIGINS, VERBS } from '../model/mapping-record.ts'
import { AnswerDiagnostic, base, exact, oneOf, optional, textOrNull } from './schemas.ts'

/** A question for a catalog (docs/catalog.md#from-the-service). */
export const CatalogQuestion = Type.Object({
  ...base,
  serviceName: optional(Type.String({ minLength: 1, maxLength: 256 })),
  docURL: optional(Type.String())
})
export type CatalogQuestion = Static<typeof CatalogQuestion>

const Count = Type.Integer({ minimum: 0 })

const orNull = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])

/** A member that is left out where it does not apply. */
const flag = Type.Optional(Type.Literal(true))

const fieldMembers = {
  name: Type.String(),
  dataType: oneOf(CATALOG_DATA_TYPES),
  dataTypeDisplay: Type.String(),
  description: Type.Optional(Type.String()),
  required: flag,
  nullable: flag,
  readOnly: flag,
  writeOnly: flag,
  deprecated: flag,
  allowed: Type.Optional(Type.Array(Type.String())),
  cut: Type.Optional(oneOf(['cycle', 'size']))
}

const place = oneOf(['path', 'query', 'header', 'cookie'])

const json = Type.Optional(Type.Unsafe<JsonValue>(Type.Unknown()))

/** A field with its children, nested to any depth. A parameter that stands in for a body has its place. */
const Field = Type.Cyclic(
  {
    Field: exact({
      ...fieldMembers,
      children: Type.Optional(Type.Array(Type.Ref('Field'))),
      in: Type.Optional(place),
      default: json,
      example: json
    })
  },
  'Field'
)

const Parameter = exact({
  ...fieldMembers,
  children: Type.Optional(Type.Array(Field)),
  in: place,
  default: json,
  example: json
})

const schemaMembers = {
  mediaType: textOrNull,
  schema: textOrNull,
  isList: Type.Boolean(),
  within: Type.Optional(Type.String()),
  fields: Type.Array(Field),
  cut: Type.Optional(Type.Literal('size')),
  example: json
}

const Endpoint = exact({
  collection: Type.String(),
  name: Type.String(),
  displayName: Type.String(),
  url: Type.String(),
  method: Type.String(),
  path: Type.String(),
  operationId: textOrNull,
  summary: textOrNull,
  description: textOrNull,
  deprecated: Type.Boolean(),
  tags: Type.Array(Type.String()),
  pointer: Type.String(),
  parameters: Type.Array(Parameter),
  request: orNull(exact({ from: oneOf(['body', 'parameters']), ...schemaMembers })),
  response: orNull(exact({ status: Type.String(), ...schemaMembers })),
  auth: Type.Array(
    Type.Array(
      exact({
        scheme: Type.String(),
        type: Type.String(),
        in: Type.Optional(oneOf(['query', 'header', 'cookie'])),
        parameter: Type.Optional(Type.String()),
        scopes: Type.Array(Type.String())
      })
    )
  ),
  pagination: orNull(
    exact({
      type: oneOf(['offset', 'page', 'cursor', 'next_link', 'link_header']),
      sizeParameter: textOrNull,
      positionParameter: textOrNull,
      pageSize: orNull(Type.Integer()),
      nextField: textOrNull,
      totalField: textOrNull,
      origin: oneOf(['declared', 'mapped', 'inferred', 'answer'])
    })
  ),
  flow: Type.Array(
    exact({
      type: Type.String(),
      verb: oneOf(VERBS),
      origin: oneOf(ORIGINS)
    })
  )
})

/** The answer of `/catalog`, and what `openapi-flow catalog --json` writes (docs/catalog.md#what-a-catalog-has). */
export const CatalogAnswer = exact({
  service: exact({
    name: Type.String(),
    title: Type.String(),
    description: textOrNull,
    version: textOrNull,
    documentUrl: Type.String(),
    docUrl: textOrNull,
    servers: Type.Array(Type.String())
  }),
  collections: Type.Array(
    exact({
      name: Type.String(),
      displayName: Type.String(),
      description: textOrNull,
      url: Type.String()
    })
  ),
  endpoints: Type.Array(Endpoint),
  counts: exact({
    collections: Count,
    endpoints: Count,
    operations: Count,
    fields: Count,
    fieldsLeft: Count,
    endpointsLeft: Count
  }),
  diagnostics: Type.Array(AnswerDiagnostic)
})
export type CatalogAnswer = Static<typeof CatalogAnswer>
