import type { JsonObject } from '../base/json.ts'
import { percentEncoded } from '../base/percent-encoding.ts'
import { ConnectorError } from '../errors.ts'
import type { RunReport } from './push/run-report.ts'
import type { MetadataClient } from './server/metadata-client.ts'
import { statusOf } from './server/metadata-client.ts'

/** Tells a pipeline of the server how its run goes (docs/catalog.md#the-status-of-a-pipeline). */
export type PipelineStatus = {
  /** @returns Why the server does not take it; null if it does. */
  begin(): Promise<string | null>
  end(report: RunReport): Promise<string | null>
}

/** Failures that a status lists at most. */
const FAILURES_MAX = 100

/**
 * @param pipeline Full name of the pipeline.
 * @param now The wall clock (ms since 1970).
 */
export function createPipelineStatus(
  client: Pick<MetadataClient, 'put'>,
  pipeline: string,
  runId: string,
  now: () => number
): PipelineStatus {
  const path = `services/ingestionPipelines/${percentEncoded(pipeline)}/pipelineStatus`
  const startDate = now()
  const send = async (body: JsonObject): Promise<string | null> => {
    try {
      await client.put(path, { runId, startDate, timestamp: startDate, ...body })
      return null
    } catch (error) {
      // Old servers know no steps.
      if (statusOf(error) === 400 && 'status' in body) {
        const { status: _, ...rest } = body
        return send(rest)
      }
      if (error instanceof ConnectorError) return error.message
      throw error
    }
  }
  return {
    begin: () => send({ pipelineState: 'running' }),
    end: report => send({ pipelineState: report.state, endDate: now(), status: [stepOf(report)] })
  }
}

/** The only step of a run, by the name of its source. */
function stepOf({ collections, endpoints, warnings, failures }: RunReport): JsonObject {
  const sum = (...outcomes: readonly (keyof typeof collections)[]): number =>
    outcomes.reduce((all, outcome) => all + collections[outcome] + endpoints[outcome], 0)
  return {
    name: 'Rest',
    records: sum('created', 'updated', 'unchanged'),
    updated_records: sum('updated'),
    warnings: warnings.length,
    errors: failures.length,
    filtered: sum('filtered'),
    failures: failures
      .slice(0, FAILURES_MAX)
      .map(failure => ({ name: failure.name, error: failure.reason }))
  }
}
