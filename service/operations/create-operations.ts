import { authenticateUser } from './authenticate-user.ts'
import { authorizeUser } from './authorize-user.ts'
import { deleteObjects } from './delete-objects.ts'
import { describeConnector } from './describe-connector.ts'
import type { FlowCaller } from './flow-deadline.ts'
import { withFlowDeadline } from './flow-deadline.ts'
import { loadObjects } from './load-objects.ts'
import { saveObjects } from './save-objects.ts'
import type { Ports } from './session.ts'
import type { Caller, Operations } from './types.ts'

/** The use cases over their ports, each flow request within its time. */
export function createOperations(ports: Ports): Operations {
  const { FLOW_TIMEOUT_MS } = ports.settings
  const timed = <T>(caller: Caller, work: (caller: FlowCaller) => Promise<T>): Promise<T> =>
    withFlowDeadline(FLOW_TIMEOUT_MS, caller, work)
  return {
    describe: given => timed(given, caller => describeConnector(ports, caller)),
    load: (given, request) => timed(given, caller => loadObjects(ports, caller, request)),
    save: (given, request) => timed(given, caller => saveObjects(ports, caller, request)),
    remove: (given, request) => timed(given, caller => deleteObjects(ports, caller, request)),
    authenticate: (given, credentials) =>
      timed(given, caller => authenticateUser(ports, caller, credentials)),
    authorize: (given, rule) => timed(given, caller => authorizeUser(ports, caller, rule))
  }
}
