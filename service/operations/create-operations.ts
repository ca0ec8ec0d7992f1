import { CONFIGURATION_VALUES, documentLocation } from './configuration.ts'
import { deleteObjects } from './delete-objects.ts'
import type { FlowCaller } from './flow-deadline.ts'
import { withFlowDeadline } from './flow-deadline.ts'
import { loadObjects } from './load-objects.ts'
import { saveObjects } from './save-objects.ts'
import type { Ports } from './session.ts'
import type { Caller, ConnectorDescription, Operations } from './types.ts'

/** The use cases over their ports, each flow request within its time. */
export function createOperations(ports: Ports): Operations {
  const { FLOW_TIMEOUT_MS } = ports.settings
  const timed = <T>(caller: Caller, work: (caller: FlowCaller) => Promise<T>): Promise<T> =>
    withFlowDeadline(FLOW_TIMEOUT_MS, caller, work)
  return {
    describe: given => timed(given, caller => describeConnector(ports, caller)),
    load: (given, request) => timed(given, caller => loadObjects(ports, caller, request)),
    save: (given, request) => timed(given, caller => saveObjects(ports, caller, request)),
    remove: (given, request) => timed(given, caller => deleteObjects(ports, caller, request))
  }
}

/**
 * Describes the connector (protocol 3): its configuration values and, when a Schema URL is
 * configured, the types and findings of the document. Never asks for a credential.
 *
 * @throws ConnectorError `URL_INVALID`, `SAMPLE_UNKNOWN`, `DOCUMENT_*`, so that the author sees why
 *   there is nothing to install.
 */
async function describeConnector(ports: Ports, caller: Caller): Promise<ConnectorDescription> {
  const configurationValues = CONFIGURATION_VALUES
  const location = documentLocation(caller.configuration)
  if (location === null) return { configurationValues, types: [], diagnostics: [] }
  const { model, diagnostics } = await ports.open(location.location, location.token, caller.signal)
  const types = model.index.types.flatMap(name => model.types[name] ?? [])
  return { configurationValues, types, diagnostics }
}
