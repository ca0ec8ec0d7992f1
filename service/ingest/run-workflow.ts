import { ConnectorError } from '../errors.ts'
import type { Catalog } from '../model/catalog.ts'
import type { MetadataClient } from './metadata-client.ts'
import { createPipelineStatus } from './pipeline-status.ts'
import { pushCatalog } from './push-catalog.ts'
import type { Reporting, RunReport } from './run-report.ts'
import { createReporting } from './run-report.ts'
import { readServerVersion, versionFault } from './server-version.ts'
import type { Workflow } from './workflow.ts'

export type WorkflowPorts = {
  readonly client: MetadataClient
  readonly newId: () => string
  /** The wall clock (ms since 1970). */
  readonly now: () => number
}

/**
 * Runs a workflow: checks the server, then pushes a catalog to it, and reports to the pipeline that the workflow names.
 *
 * @param makeCatalog Reads the source, after the pipeline knows that its run has begun.
 */
export async function runWorkflow(
  workflow: Workflow,
  makeCatalog: () => Promise<Catalog>,
  { client, newId, now }: WorkflowPorts
): Promise<RunReport> {
  const report = createReporting(workflow.serviceName, client.host)
  const { pipeline } = workflow
  const status =
    pipeline && createPipelineStatus(client, pipeline.fullName, pipeline.runId ?? newId(), now)
  const told = (refusal: string | null | undefined): void => {
    if (refusal != null) report.warn(`the pipeline is not told: ${refusal}`)
  }
  let version: string | null = null
  try {
    version = await readServerVersion(client)
    checkVersion(version, workflow, client.host, report)
    const refusal = await status?.begin()
    told(refusal)
    await pushCatalog(await makeCatalog(), workflow, client, report)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    report.fail('run', workflow.serviceName, error)
  }
  const result = report.result(version)
  if (version !== null) told(await status?.end(result))
  return report.result(version)
}

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
