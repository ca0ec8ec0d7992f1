import { ConnectorError } from '../errors.ts'
import type { EndpointRecord, PagingRecord } from '../model/endpoint-record.ts'
import { NO_PAGING } from '../model/endpoint-record.ts'
import type { EndpointUse } from '../model/mapping-record.ts'
import type { OpenModel } from '../model/open-model.ts'
import { planRequest } from '../plan/plan-request.ts'
import type { ApiAccess, OperationInput, RequestPlan, UserFields } from '../plan/types.ts'
import { untilAborted } from '../time/deadline.ts'
import { exampleAnswer } from './example-answer.ts'
import type { MakeExample } from './example-memory.ts'
import type { Answer } from './types.ts'

/** For whom calls are answered, and what answers them. */
export type AnswerScope = {
  readonly model: OpenModel
  readonly access: ApiAccess
  readonly user: UserFields
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal
  /** Makes a live call with what proves its caller. */
  readonly callApi: (endpoint: EndpointRecord, plan: RequestPlan) => Promise<Answer>
  /** Makes the examples that a document does not declare. */
  readonly makeExample: MakeExample
}

/** Who answers the calls of an endpoint. */
export type Answers = {
  /** How a list is read from them. */
  readonly paging: PagingRecord
  /** Whether a call depends on its parameters; those of one that does not need no value. */
  readonly takesParameters: boolean
  /** Whether every call gets the same answer, whoever makes it. */
  readonly areConstant: boolean
  /**
   * Decides a call. What is wrong with its parameters is known before anything is sent.
   *
   * @throws ConnectorError as `planRequest`.
   */
  plan(input: CallInput): PlannedCall
}

/** What one call is about, but for its user. */
export type CallInput = Omit<OperationInput, 'user'>

/** A call that is decided, and not yet made. */
export type PlannedCall = {
  /** The base of relative links in the answer; blank where there is none. */
  readonly url: string
  /** @throws ConnectorError those of the API, of credentials and of examples. */
  send(): Promise<Answer>
}

/** Decides who answers the calls of an endpoint: the document where the use chooses an example, else the API. */
export function answersOf(scope: AnswerScope, endpoint: EndpointRecord, use: EndpointUse): Answers {
  const { model, access, user } = scope
  if (use.example !== null) {
    const send = (): Promise<Answer> => answerFromDocument(scope, endpoint, use)
    const call = { url: '', send: () => unlessIgnored(endpoint, use, send) }
    return { paging: NO_PAGING, takesParameters: false, areConstant: true, plan: () => call }
  }
  return {
    paging: use.paging ?? endpoint.paging,
    takesParameters: true,
    areConstant: false,
    plan(input) {
      const plan = planRequest({
        endpoint,
        use,
        types: model.types,
        documentUrl: model.index.documentUrl,
        access,
        input: { ...input, user }
      })
      const send = (): Promise<Answer> => scope.callApi(endpoint, plan)
      return { url: plan.url, send: () => unlessIgnored(endpoint, use, send) }
    }
  }
}

function answerFromDocument(
  { model, signal, makeExample }: AnswerScope,
  endpoint: EndpointRecord,
  use: EndpointUse
): Promise<Answer> {
  const examples = {
    declared: model.examples.get(endpoint.key),
    added: use.key === null ? undefined : model.examples.get(use.key)
  }
  return exampleAnswer(endpoint, use, examples, made => untilAborted(makeExample(made), signal))
}

/** Makes a call; the statuses that `x-flow-retry.ignore` names are empty answers, but not of a save. */
async function unlessIgnored(
  { conduct }: EndpointRecord,
  { verb }: EndpointUse,
  call: () => Promise<Answer>
): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'API_ERROR') throw error
    const saves = verb === 'save' || verb === 'update'
    if (saves || !conduct.retry.ignore.includes(error.status)) throw error
    return { status: 204, headers: {}, body: undefined }
  }
}
