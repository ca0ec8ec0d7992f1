import type { SchemaObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'

/** Schemas of requests, as OpenMetadata publishes them: what they do not name is refused. */

const ENTITY_NAME = { type: 'string', minLength: 1, maxLength: 256, pattern: '^((?!::).)*$' }
const FULL_NAME = { type: 'string', minLength: 1, maxLength: 3072 }
const URI = { type: 'string', format: 'uri' }
const TEXT = { type: 'string' }
const LIST = { type: 'array' }

/** Members that every request of an entity may have. */
const COMMON = {
  displayName: TEXT,
  description: TEXT,
  tags: LIST,
  owners: LIST,
  domain: FULL_NAME,
  domains: LIST,
  dataProducts: LIST
}

const DATA_TYPES = [
  'RECORD',
  'NULL',
  'BOOLEAN',
  'INT',
  'LONG',
  'BYTES',
  'FLOAT',
  'DOUBLE',
  'TIMESTAMP',
  'TIMESTAMPZ',
  'TIME',
  'DATE',
  'STRING',
  'ARRAY',
  'MAP',
  'ENUM',
  'UNION',
  'FIXED',
  'ERROR'
]

/** What a server of a version takes. */
export type ServerAge = {
  /** Whether it knows `dataTypeDisplay`, the data type UNKNOWN and `sourceHash`. */
  readonly isNew: boolean
  /** Which member of a connection names the document. */
  readonly connection: 'openAPISchemaURL' | 'openAPISchemaConnection'
}

function fieldSchema({ isNew }: ServerAge): SchemaObject {
  return {
    $id: 'field',
    type: 'object',
    required: ['name', 'dataType'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 128, pattern: '^((?!::).)*$' },
      displayName: TEXT,
      dataType: { enum: isNew ? [...DATA_TYPES, 'UNKNOWN'] : DATA_TYPES },
      ...(isNew && { dataTypeDisplay: TEXT }),
      description: TEXT,
      fullyQualifiedName: FULL_NAME,
      tags: LIST,
      children: { type: 'array', items: { $ref: 'field' } }
    }
  }
}

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    schemaType: { enum: ['Avro', 'Protobuf', 'JSON', 'Other', 'None'] },
    schemaText: TEXT,
    schemaFields: { type: 'array', items: { $ref: 'field' } }
  }
}

const FILTER = {
  type: 'object',
  additionalProperties: false,
  properties: {
    includes: { type: 'array', items: TEXT },
    excludes: { type: 'array', items: TEXT }
  }
}

const SOURCES = {
  openAPISchemaURL: { openAPISchemaURL: URI },
  openAPISchemaConnection: {
    openAPISchemaConnection: {
      oneOf: [
        object({ openAPISchemaURL: URI }, ['openAPISchemaURL']),
        object({ openAPISchemaFilePath: TEXT }, ['openAPISchemaFilePath']),
        object({ openAPISchemaS3URL: TEXT, awsCredentials: { type: 'object' } }, [
          'openAPISchemaS3URL',
          'awsCredentials'
        ])
      ]
    }
  }
} as const

function serviceSchema({ connection, isNew }: ServerAge): SchemaObject {
  const config = object(
    {
      type: { const: 'Rest' },
      ...SOURCES[connection],
      token: TEXT,
      docURL: URI,
      apiCollectionFilterPattern: FILTER,
      supportsMetadataExtraction: { type: 'boolean' },
      ...(isNew && {
        apiEndpointFilterPattern: FILTER,
        verifySSL: { enum: ['no-ssl', 'ignore', 'validate'] },
        sslConfig: { type: 'object' }
      })
    },
    [connection]
  )
  return object(
    {
      name: ENTITY_NAME,
      serviceType: { enum: ['Rest', 'WEBHOOK'] },
      connection: object({ config }, []),
      ...COMMON
    },
    ['name', 'serviceType']
  )
}

function collectionSchema({ isNew }: ServerAge): SchemaObject {
  return object(
    {
      name: ENTITY_NAME,
      service: FULL_NAME,
      endpointURL: URI,
      apiEndpoints: LIST,
      lifeCycle: { type: 'object' },
      extension: { type: 'object' },
      ...(isNew && { sourceHash: { type: 'string', minLength: 1, maxLength: 32 } }),
      ...COMMON
    },
    ['name', 'service']
  )
}

function endpointSchema({ isNew }: ServerAge): SchemaObject {
  return object(
    {
      name: ENTITY_NAME,
      apiCollection: FULL_NAME,
      endpointURL: URI,
      requestMethod: {
        enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'CONNECT', 'OPTIONS', 'TRACE']
      },
      requestSchema: SCHEMA,
      responseSchema: SCHEMA,
      sourceUrl: URI,
      lifeCycle: { type: 'object' },
      extension: { type: 'object' },
      ...(isNew && { sourceHash: { type: 'string', minLength: 1, maxLength: 32 } }),
      ...COMMON
    },
    ['name', 'apiCollection', 'endpointURL']
  )
}

function statusSchema({ isNew }: ServerAge): SchemaObject {
  const failure = object({ name: TEXT, error: TEXT, stackTrace: TEXT }, ['name', 'error'])
  const count = { type: 'integer' }
  const step = object(
    {
      name: TEXT,
      records: count,
      updated_records: count,
      warnings: count,
      errors: count,
      filtered: count,
      failures: { type: 'array', items: failure }
    },
    ['name']
  )
  return object(
    {
      runId: TEXT,
      pipelineState: { enum: ['queued', 'success', 'failed', 'running', 'partialSuccess'] },
      startDate: count,
      endDate: count,
      timestamp: count,
      ...(isNew && { status: { type: 'array', items: step } })
    },
    ['runId', 'pipelineState', 'timestamp']
  )
}

function object(properties: SchemaObject, required: readonly string[]): SchemaObject {
  return { type: 'object', additionalProperties: false, properties, required }
}

export type RequestKind = 'service' | 'collection' | 'endpoint' | 'status'

/** Judges the body of a request. Returns what is wrong; undefined if nothing is. */
export type RequestJudge = (kind: RequestKind, body: unknown) => string | undefined

/** Makes the judge of a server. Its words are those of a real one where it refuses a member. */
export function createRequestJudge(age: ServerAge): RequestJudge {
  const ajv = new Ajv2020({ strict: false, schemas: [fieldSchema(age)] })
  ajv.addFormat('uri', text => URL.canParse(text))
  const judges = {
    service: ajv.compile(serviceSchema(age)),
    collection: ajv.compile(collectionSchema(age)),
    endpoint: ajv.compile(endpointSchema(age)),
    status: ajv.compile(statusSchema(age))
  }
  return (kind, body) => {
    const judge = judges[kind]
    if (judge(body)) return undefined
    const [error] = judge.errors ?? []
    const { keyword, instancePath = '', params, message } = error ?? {}
    return keyword === 'additionalProperties'
      ? `Unrecognized field "${params?.additionalProperty}" at ${instancePath}`
      : `query param ${instancePath} ${message} ${JSON.stringify(params)}`
  }
}
