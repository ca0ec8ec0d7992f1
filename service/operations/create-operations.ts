import { ConnectorError } from '../errors.ts'
import { withDeadline } from '../time/deadline.ts'
import { authenticateUser } from './authenticate-user.ts'
import { authorizeUser } from './authorize-user.ts'
import { deleteObjects } from './delete-objects.ts'
import { describeConnector } from './describe-connector.ts'
import { loadObjects } from './load-objects.ts'
import { saveObjects } from './save-objects.ts'
import type { Ports } from './session.ts'
import type { Caller, FlowCaller, Operations, Progress } from './types.ts'

type UseCase<Input extends readonly unknown[], Result> = (
  ports: Ports,
  caller: FlowCaller,
  ...input: Input
) => Promise<Result>

/** Joins the use cases with their ports, and gives each request a deadline of `FLOW_TIMEOUT_MS`. */
export function createOperations(ports: Ports): Operations {
  const { FLOW_TIMEOUT_MS } = ports.settings
  const timed =
    <Input extends readonly unknown[], Result>(useCase: UseCase<Input, Result>) =>
    (caller: Caller, ...input: Input): Promise<Result> =>
      withFlowDeadline(FLOW_TIMEOUT_MS, caller, timedCaller =>
        useCase(ports, timedCaller, ...input)
      )
  return {
    describe: timed(describeConnector),
    load: timed(loadObjects),
    save: timed(saveObjects),
    remove: timed(deleteObjects),
    authenticate: timed(authenticateUser),
    authorize: timed(authorizeUser)
  }
}

/**
 * Runs one flow request under its deadline (docs/x-flow.md#time-limits), which covers the document and all
 * calls. The time that the request spent in the queue counts.
 *
 * @param limitMs `FLOW_TIMEOUT_MS`.
 * @throws ConnectorError `FLOW_TIMEOUT`, which says how far the work got.
 */
export function withFlowDeadline<T>(
  limitMs: number,
  caller: Caller,
  work: (caller: FlowCaller) => Promise<T>
): Promise<T> {
  const remainingMs = Math.max(0, limitMs - caller.waitedMs)
  const end = performance.now() + remainingMs
  const timeLeftMs = (): number => Math.max(0, end - performance.now())
  const progress: Progress = { reached: () => 'the document had not been read' }
  const timeout = (): ConnectorError =>
    new ConnectorError('FLOW_TIMEOUT', { limit: limitMs, reached: progress.reached() })
  return withDeadline(remainingMs, caller.signal, timeout, signal =>
    work({ ...caller, signal, progress, timeLeftMs })
  )
}
