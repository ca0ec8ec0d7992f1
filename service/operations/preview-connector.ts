import type { OpenModel } from '../model/connector-model.ts'
import { createTurns, inTurns } from '../time/turns.ts'
import { describeDocument } from './describe-connector.ts'
import type { Ports } from './session.ts'
import type { Caller, ConnectorPreview, MappingSummary } from './types.ts'

/**
 * Describes the connector, and the mappings of its types with their origin, which the platform need not know.
 *
 * @throws ConnectorError as `describeConnector`.
 */
export async function previewConnector(ports: Ports, caller: Caller): Promise<ConnectorPreview> {
  const { description, model } = await describeDocument(ports, caller)
  if (model === null) return { ...description, mappings: [] }
  const mappings: MappingSummary[] = []
  const keys = model.mappings.keys()
  await inTurns(createTurns(caller.deadline.signal), () => {
    const { value: key, done } = keys.next()
    if (done === true) return true
    const summary = summaryOf(model, key)
    if (summary !== undefined) mappings.push(summary)
    return false
  })
  return { ...description, mappings }
}

function summaryOf({ mappings, endpoints }: OpenModel, key: string): MappingSummary | undefined {
  const mapping = mappings.get(key)
  const endpoint = endpoints.get(mapping?.endpoint ?? '')
  if (mapping === undefined || endpoint === undefined) return undefined
  const { type, verb, origin } = mapping
  const { method, path } = endpoint
  return { key, type, verb, method, path, origin }
}
