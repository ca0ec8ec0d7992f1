import type { ServerAccess } from '../server/metadata-client.ts'
import type { NameFilter } from './name-filter.ts'
import { createNameFilter } from './name-filter.ts'
import type { RestConnection, TlsConfig, WorkflowFile } from './workflow-form.ts'

/** What a run says on standard error. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A workflow file with its defaults (docs/catalog.md#the-workflow-file). */
export type Workflow = {
  readonly serviceName: string
  readonly connection: RestConnection
  /** The connection that the server stores, without secrets that the file does not have; null if it stores none. */
  readonly stored: RestConnection | null
  /** Which collections pass, by their names, and which endpoints, by their paths. */
  readonly collections: NameFilter
  readonly endpoints: NameFilter
  /** Whether collections that are gone from the source are deleted softly. */
  readonly marksDeleted: boolean
  /** Whether texts of the source replace those that people have edited. */
  readonly overrides: boolean
  readonly server: ServerAccess
  readonly checksVersion: boolean
  readonly level: LogLevel
  readonly tls: TlsConfig
  /** The pipeline that a run reports to; null for none. */
  readonly pipeline: { readonly fullName: string; readonly runId: string | null } | null
}

/**
 * Fills in the defaults of a workflow file. Filters of `sourceConfig` win over those of the connection.
 *
 * @param file With its secrets.
 * @param written As its author wrote it.
 */
export function readDefaults(file: WorkflowFile, written: WorkflowFile): Workflow {
  const { source, workflowConfig, ingestionPipelineFQN, pipelineRunId } = file
  const connection = source.serviceConnection.config
  const config = source.sourceConfig.config
  const server = workflowConfig.openMetadataServerConfig
  const sendsToken = server.authProvider?.toLowerCase() !== 'no-auth'
  return {
    serviceName: source.serviceName,
    connection,
    stored:
      server.storeServiceConnection === false ? null : written.source.serviceConnection.config,
    collections: createNameFilter(
      config.apiCollectionFilterPattern ?? connection.apiCollectionFilterPattern
    ),
    endpoints: createNameFilter(
      config.apiEndpointFilterPattern ?? connection.apiEndpointFilterPattern
    ),
    marksDeleted: config.markDeletedApiCollections ?? true,
    overrides: config.overrideMetadata ?? false,
    server: {
      url: server.hostPort,
      apiVersion: server.apiVersion ?? 'v1',
      token: sendsToken ? (server.securityConfig?.jwtToken?.trim() ?? null) : null,
      headers: server.extraHeaders ?? {}
    },
    checksVersion: server.enableVersionValidation ?? true,
    tls: { verifySSL: server.verifySSL, sslConfig: server.sslConfig },
    level: levelOf(workflowConfig.loggerLevel),
    pipeline:
      ingestionPipelineFQN === undefined
        ? null
        : { fullName: ingestionPipelineFQN, runId: pipelineRunId ?? null }
  }
}

/** The level of a word of `loggerLevel`. Default: INFO. */
export function levelOf(word = 'INFO'): LogLevel {
  const level = word.toLowerCase().replace('warning', 'warn')
  return LOG_LEVELS.find(known => known === level) ?? 'info'
}
