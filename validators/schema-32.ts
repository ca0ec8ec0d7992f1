import type { JsonObject, JsonValue } from '../service/base/json.ts'
import { isJsonObject } from '../service/base/json.ts'

const TEXT = { type: 'string' }
const URI = { type: 'string', format: 'uri-reference' }
const FLAG = { type: 'boolean' }
const ENCODING = { $ref: '#/$defs/encoding' }
const MEDIA_TYPE = { $ref: '#/$defs/media-type-or-reference' }
const NAMES = '^[a-zA-Z0-9._-]+$'

/** What OpenAPI 3.2 adds to the objects of 3.1, by the pointers of their schemas. */
const ADDED: readonly (readonly [object: string, properties: JsonObject])[] = [
  ['', { openapi: { type: 'string', pattern: '^3\\.2\\.\\d+(-.+)?$' }, $self: URI }],
  ['server', { name: TEXT }],
  ['tag', { summary: TEXT, parent: TEXT, kind: TEXT }],
  ['response', { summary: TEXT }],
  ['example', { dataValue: true, serializedValue: TEXT }],
  [
    'encoding',
    { encoding: mapOf(ENCODING), prefixEncoding: listOf(ENCODING), itemEncoding: ENCODING }
  ],
  [
    'media-type',
    {
      itemSchema: { $dynamicRef: '#meta' },
      prefixEncoding: listOf(ENCODING),
      itemEncoding: ENCODING
    }
  ],
  [
    'path-item',
    {
      query: { $ref: '#/$defs/operation' },
      additionalOperations: {
        ...mapOf({ $ref: '#/$defs/operation' }),
        propertyNames: {
          not: {
            enum: ['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'QUERY']
          }
        }
      }
    }
  ],
  ['components', { mediaTypes: { ...mapOf(MEDIA_TYPE), propertyNames: { pattern: NAMES } } }],
  ['parameter', { in: { enum: ['query', 'querystring', 'header', 'path', 'cookie'] } }],
  ['security-scheme', { deprecated: FLAG, oauth2MetadataUrl: URI }],
  [
    'oauth-flows',
    {
      deviceAuthorization: {
        type: 'object',
        properties: {
          deviceAuthorizationUrl: URI,
          tokenUrl: URI,
          refreshUrl: URI,
          scopes: { $ref: '#/$defs/map-of-strings' }
        },
        required: ['deviceAuthorizationUrl', 'tokenUrl', 'scopes'],
        $ref: '#/$defs/specification-extensions',
        unevaluatedProperties: false
      }
    }
  ]
]

/**
 * The schema of OpenAPI 3.2: that of 3.1 with what 3.2 adds, because no installed package has it. A description of a
 * response is optional, cookies have a style of their own, and media types may be references.
 */
export function schemaOf32(schemaOf31: object): object {
  const schema: { [key: string]: JsonValue } = JSON.parse(JSON.stringify(schemaOf31))
  const definitions = { ...objectIn(schema, '$defs') }
  for (const [name, added] of ADDED) {
    if (name === '') schema.properties = { ...objectIn(schema, 'properties'), ...added }
    else definitions[name] = withProperties(objectIn(definitions, name), added)
  }
  const { required: _, ...response } = objectIn(definitions, 'response')
  const { not: __, ...example } = objectIn(definitions, 'example')
  const referable = JSON.stringify(definitions['example-or-reference']).replaceAll(
    '#/$defs/example',
    '#/$defs/media-type'
  )
  schema.$defs = {
    ...definitions,
    response,
    example,
    content: { ...objectIn(definitions, 'content'), additionalProperties: MEDIA_TYPE },
    'media-type-or-reference': JSON.parse(referable)
  }
  const text = JSON.stringify(schema)
  return JSON.parse(
    text.replaceAll(
      '"style":{"default":"form","const":"form"}',
      '"style":{"default":"form","enum":["form","cookie"]}'
    )
  )
}

function withProperties(definition: JsonObject, added: JsonObject): JsonObject {
  return { ...definition, properties: { ...objectIn(definition, 'properties'), ...added } }
}

function objectIn(holder: JsonObject, key: string): JsonObject {
  const held = holder[key]
  if (!isJsonObject(held)) throw new Error(`the schema of OpenAPI 3.1 has no object "${key}"`)
  return held
}

function mapOf(additionalProperties: JsonValue): JsonObject {
  return { type: 'object', additionalProperties }
}

function listOf(items: JsonValue): JsonObject {
  return { type: 'array', items }
}
