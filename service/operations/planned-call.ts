import { ConnectorError } from '../errors.ts'
import { exampleAnswer } from '../exchange/example-answer.ts'
import type { MakeExample } from '../exchange/example-memory.ts'
import type { Answer } from '../exchange/types.ts'
import type { OperationRecord } from '../model/endpoint-record.ts'
import { untilAborted } from '../time/deadline.ts'
import { planRequest } from '../plan/plan-request.ts'
import type { OperationInput } from '../plan/types.ts'
import { sendProven } from './send-proven.ts'
import type { Session } from './session.ts'

/** A call that is decided, and not yet made. */
export type PlannedCall = {
  readonly operation: OperationRecord
  /** The address that is called; blank where the document answers. */
  readonly url: string
  send(): Promise<Answer>
}

/**
 * Decides a call: of the API, or of the document where the mapping has `example`. What is wrong with
 * its parameters is known before anything is sent.
 *
 * @throws ConnectorError `PARAMETER_*`, `SERVER_*`, `VALUE_INVALID`.
 */
export function planCall(
  session: Session,
  operation: OperationRecord,
  input: Omit<OperationInput, 'user'>
): PlannedCall {
  const { model, access, caller, ports } = session
  const example = model.examples.get(operation.key)
  if (operation.example !== null && example !== undefined) {
    const made: MakeExample = record => untilAborted(ports.makeExample(record), caller.signal)
    const answer = (): Promise<Answer> => exampleAnswer(operation, example, made)
    return { operation, url: '', send: () => unlessIgnored(operation, answer) }
  }
  const plan = planRequest({
    operation,
    types: model.types,
    documentUrl: model.index.documentUrl,
    access,
    input: { ...input, user: caller.user }
  })
  return {
    operation,
    url: plan.url,
    send: () => unlessIgnored(operation, () => sendProven(session, operation, plan))
  }
}

/** Makes a call; the statuses that `x-flow-retry.ignore` names are empty answers (x-flow 8). */
async function unlessIgnored(
  { conduct }: OperationRecord,
  call: () => Promise<Answer>
): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'API_ERROR') throw error
    if (!conduct.retry.ignore.includes(error.status)) throw error
    return { status: 204, headers: {}, body: undefined }
  }
}
