import type { Form, Static } from '../../base/form.ts'
import { Type } from '../../base/form.ts'
import { isHttp } from '../../base/is-http.ts'
import { parseUrl } from '../../base/parse-url.ts'
import { nameFault } from '../server/entity-names.ts'

const { Object: object, Optional: optional } = Type

/** One of some words, in any letter case. */
function word(...words: readonly string[]): Form<string> {
  return Type.String({
    isValid: text => words.some(known => known.toLowerCase() === text.toLowerCase()),
    allowed: words.length === 1 ? `${words[0]}` : `one of ${words.join(', ')}`
  })
}

const SECRET = Type.String({ secret: true, minLength: 1 })
const TEXT = Type.String({ minLength: 1, allowed: 'a text that is not blank' })
const ANYTHING = optional(Type.Unknown())

const FILTER = optional(
  object({
    includes: optional(Type.Array(Type.String())),
    excludes: optional(Type.Array(Type.String()))
  })
)

const VERIFY_SSL = optional(word('no-ssl', 'ignore', 'validate'))

/** Paths of PEM files, or their content. */
const SSL_CONFIG = optional(
  object({
    caCertificate: optional(SECRET),
    sslCertificate: optional(SECRET),
    sslKey: optional(SECRET)
  })
)

const AWS_CREDENTIALS = object({
  awsAccessKeyId: optional(SECRET),
  awsSecretAccessKey: optional(SECRET),
  awsSessionToken: optional(SECRET),
  awsRegion: TEXT,
  endPointURL: optional(Type.String({ isValid: isHttpUrl, allowed: 'an http or https URL' })),
  profileName: optional(TEXT),
  assumeRoleArn: optional(TEXT),
  assumeRoleSessionName: optional(TEXT),
  assumeRoleSourceIdentity: optional(TEXT)
})
export type AwsCredentials = Static<typeof AWS_CREDENTIALS>

const SCHEMA_URL = Type.String({ isValid: isHttpUrl, allowed: 'an http or https URL' })

export const ConnectionForm = object({
  type: word('Rest'),
  openAPISchemaURL: optional(SCHEMA_URL),
  openAPISchemaConnection: optional(
    object({
      openAPISchemaURL: optional(SCHEMA_URL),
      openAPISchemaFilePath: optional(TEXT),
      openAPISchemaS3URL: optional(TEXT),
      awsCredentials: optional(AWS_CREDENTIALS)
    })
  ),
  token: optional(SECRET),
  docURL: optional(Type.String({ isValid: isHttpUrl, allowed: 'an http or https URL' })),
  apiCollectionFilterPattern: FILTER,
  apiEndpointFilterPattern: FILTER,
  verifySSL: VERIFY_SSL,
  sslConfig: SSL_CONFIG,
  supportsMetadataExtraction: optional(Type.Boolean())
})

/** Accepted, and without a meaning for the catalog of an API. */
const SWITCHES = {
  type: optional(word('OpenMetadata')),
  clusterName: optional(Type.String()),
  includeTopics: ANYTHING,
  includeTables: ANYTHING,
  includeDashboards: ANYTHING,
  includePipelines: ANYTHING,
  includeMlModels: ANYTHING,
  includeUsers: ANYTHING,
  includeTeams: ANYTHING,
  includeGlossaryTerms: ANYTHING,
  includeTags: ANYTHING,
  includePolicy: ANYTHING,
  includeMessagingServices: ANYTHING,
  includeDatabaseServices: ANYTHING,
  includePipelineServices: ANYTHING,
  limitRecords: ANYTHING,
  forceEntityOverwriting: ANYTHING,
  elasticsSearch: ANYTHING,
  supportsDataInsightExtraction: ANYTHING,
  supportsElasticSearchReindexingExtraction: ANYTHING
} as const

const SERVER = object({
  hostPort: Type.String({
    isValid: text => isHttpUrl(text) && !/[?#]/.test(text),
    allowed: 'the http or https URL of the server, which ends in /api'
  }),
  authProvider: optional(TEXT),
  securityConfig: optional(object({ jwtToken: optional(SECRET) })),
  verifySSL: VERIFY_SSL,
  sslConfig: SSL_CONFIG,
  storeServiceConnection: optional(Type.Boolean()),
  secretsManagerProvider: optional(TEXT),
  secretsManagerLoader: optional(word('noop', 'airflow', 'env')),
  apiVersion: optional(Type.String({ pattern: '^v\\d{1,3}$', allowed: 'a version such as v1' })),
  extraHeaders: optional(Type.Record(Type.String())),
  enableVersionValidation: optional(Type.Boolean()),
  ...SWITCHES
})

/** Keys that are told, because a reader may expect something of them. */
export const UNUSED_KEYS = ['processor', 'stage', 'bulkSink'] as const

/** The workflow file of `metadata ingest` (docs/catalog.md#the-workflow-file). */
export const WorkflowForm = object({
  source: object({
    type: word('rest'),
    serviceName: Type.String({
      isValid: name => nameFault(name) === null,
      allowed: 'a name of 1 to 256 characters without "::"'
    }),
    serviceConnection: object({ config: ConnectionForm }),
    sourceConfig: object({
      config: object({
        type: word('ApiMetadata'),
        apiCollectionFilterPattern: FILTER,
        apiEndpointFilterPattern: FILTER,
        markDeletedApiCollections: optional(Type.Boolean()),
        overrideMetadata: optional(Type.Boolean())
      })
    })
  }),
  sink: object({ type: word('metadata-rest'), config: ANYTHING }),
  workflowConfig: object({
    loggerLevel: optional(word('DEBUG', 'INFO', 'WARN', 'WARNING', 'ERROR')),
    openMetadataServerConfig: SERVER,
    raiseOnError: ANYTHING,
    successThreshold: ANYTHING
  }),
  processor: ANYTHING,
  stage: ANYTHING,
  bulkSink: ANYTHING,
  ingestionPipelineFQN: optional(TEXT),
  pipelineRunId: optional(TEXT)
})

/** The content of a workflow file, as its author wrote it. */
export type WorkflowFile = Static<typeof WorkflowForm>
export type RestConnection = WorkflowFile['source']['serviceConnection']['config']
export type ServerConfig = WorkflowFile['workflowConfig']['openMetadataServerConfig']

/** Whom connections trust, as a workflow file says it. */
export type TlsConfig = {
  readonly verifySSL: ServerConfig['verifySSL'] | undefined
  readonly sslConfig: ServerConfig['sslConfig'] | undefined
}

function isHttpUrl(text: string): boolean {
  const url = parseUrl(text)
  return url !== null && isHttp(url)
}
