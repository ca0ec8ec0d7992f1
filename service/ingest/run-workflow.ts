import { ConnectorError } from '../errors.ts'
import type { Catalog } from '../model/catalog.ts'
import { failedStep } from './connection-steps.ts'
import type { PipelineStatus } from './pipeline-status.ts'
import { createPipelineStatus } from './pipeline-status.ts'
import type { PushProgress } from './push/push-catalog.ts'
import { pushCatalog } from './push/push-catalog.ts'
import type { Reporting, RunReport } from './push/run-report.ts'
import { createReporting } from './push/run-report.ts'
import type { DryWrite } from './server/dry-client.ts'
import { createDryClient } from './server/dry-client.ts'
import type { MetadataClient } from './server/metadata-client.ts'
import { readServerVersion, versionFault } from './server/server-version.ts'
import type { Workflow } from './workflow/workflow.ts'

/** Reads the source of a run. @throws ConnectorError `DOCUMENT_*` and such. */
export type CatalogSource = () => Promise<Catalog>

export type WorkflowPorts = {
  /** Its calls end when the run is stopped. */
  readonly client: MetadataClient
  /** Its calls do not. */
  readonly statusClient: MetadataClient
  readonly newId: () => string
  /** The wall clock (ms since 1970). */
  readonly now: () => number
  readonly progress: PushProgress
}

/**
 * Runs a workflow (docs/catalog.md#a-run): checks the server, reads the source, and pushes its catalog. The pipeline that the
 * workflow names is told of begin and end. What fails is in the report.
 */
export async function runWorkflow(
  workflow: Workflow,
  source: CatalogSource,
  ports: WorkflowPorts
): Promise<RunReport> {
  const { client } = ports
  const report = createReporting(workflow.serviceName, client.host)
  const status = statusOf(workflow, ports)
  const told = new Set<string>()
  const tell = async (telling: Promise<string | null> | undefined): Promise<void> => {
    const refusal = await telling
    if (refusal == null || told.has(refusal)) return
    told.add(refusal)
    report.warn(`the pipeline is not told: ${refusal}`)
  }
  let version: string | null = null
  try {
    version = await readServerVersion(client)
    checkVersion(version, workflow, client.host, report)
    await tell(status?.begin())
    const catalog = await readSource(source, report)
    if (catalog !== null) await pushCatalog(catalog, workflow, client, report, ports.progress)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    report.fail('server', client.host, error)
  }
  if (version !== null) await tell(status?.end(report.result(version)))
  return report.result(version)
}

/**
 * Does the same without writing anything.
 *
 * @param record Called with each write that the run would make.
 */
export async function dryRun(
  workflow: Workflow,
  source: CatalogSource,
  client: MetadataClient,
  record: (write: DryWrite) => void
): Promise<RunReport> {
  const report = createReporting(workflow.serviceName, client.host)
  const catalog = await readSource(source, report)
  if (catalog !== null) {
    await pushCatalog(catalog, workflow, createDryClient(client, record, report.warn), report)
  }
  return report.result(null)
}

/** Reads the source; null for one that cannot be read, which is told by the step of the connection test that it fails. */
async function readSource(source: CatalogSource, report: Reporting): Promise<Catalog | null> {
  try {
    return await source()
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    report.fail('source', failedStep(error), error)
    return null
  }
}

function statusOf({ pipeline }: Workflow, ports: WorkflowPorts): PipelineStatus | null {
  if (pipeline === null) return null
  const { statusClient, newId, now } = ports
  return createPipelineStatus(statusClient, pipeline.fullName, pipeline.runId ?? newId(), now)
}

/** @throws ConnectorError `METADATA_SERVER_OLD`, unless the workflow does without this check. */
function checkVersion(
  version: string,
  { checksVersion }: Workflow,
  host: string,
  report: Reporting
): void {
  const fault = versionFault(version, host)
  if (fault === null) return
  if (checksVersion) throw fault
  report.warn(fault.message)
}
