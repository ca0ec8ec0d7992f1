import { oneAsker } from '../base/askers.ts'
import type { Owner } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'
import type { EndpointRecord, PagingRecord } from '../model/endpoint-record.ts'
import { NO_PAGING } from '../model/endpoint-record.ts'
import type { MadeExampleRecord } from '../model/example-record.ts'
import type { EndpointUse } from '../model/mapping-record.ts'
import type { OpenModel } from '../model/connector-model.ts'
import { planRequest } from '../plan/plan-request.ts'
import type { ApiAccess, OperationInput, RequestPlan, UserFields } from '../plan/types.ts'
import { untilAborted } from '../time/deadline.ts'
import { exampleAnswer } from './example-answer.ts'
import type { Made, MakeExample } from './example-process.ts'
import type { Answer } from './types.ts'
import type { Watch } from './watch.ts'
import { watchExample } from './watch-calls.ts'

/** For whom calls are answered, and by what. */
export type AnswerScope = {
  readonly owner: Owner
  readonly model: OpenModel
  readonly access: ApiAccess
  readonly user: UserFields
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal
  readonly makeExample: MakeExample
  /** Told of each call. Default: nobody. */
  readonly watch?: Watch | undefined
}

/**
 * A scope with what calls the API with the caller's credential. It gets the scope as an argument: a closure of each
 * scope would keep everything about a request until a full garbage collection.
 */
export type CallingScope<Scope> = Scope & {
  readonly callApi: (
    scope: CallingScope<Scope>,
    endpoint: EndpointRecord,
    plan: RequestPlan
  ) => Promise<Answer>
}

/** Who answers the calls of an endpoint: the API, or the document with an example. */
export type Answers = {
  /** How a list is paged. */
  readonly paging: PagingRecord
  /** Whether calls depend on parameters. If not, none needs a value, and every call for a list gets the same answer. */
  readonly takesParameters: boolean
  /**
   * Plans a call, so that faulty parameters are known before anything is sent.
   *
   * @throws ConnectorError as `planRequest`.
   */
  plan(input: CallInput): PlannedCall
}

/** The input of one call. The user is that of the scope. */
export type CallInput = Omit<OperationInput, 'user'>

/** A call that was planned but not sent. */
export type PlannedCall = {
  /** Base of relative links in the answer; blank if there is none. */
  readonly url: string
  /** @throws ConnectorError those of the API, of credentials and of examples. */
  send(): Promise<Answer>
}

/** Decides who answers the calls of an endpoint. Nothing else asks whether a use has an example. */
export function answersOf<Scope extends AnswerScope>(
  scope: CallingScope<Scope>,
  endpoint: EndpointRecord,
  use: EndpointUse
): Answers {
  const { model, access, user, watch } = scope
  if (use.example !== null) {
    const askers = oneAsker(scope.owner)
    const make = (record: MadeExampleRecord): Promise<Made> =>
      untilAborted(scope.makeExample(record, askers), scope.signal)
    return {
      paging: NO_PAGING,
      takesParameters: false,
      plan({ id }) {
        const answer = (): Promise<Answer> => exampleAnswer({ model, make }, endpoint, use, id)
        const send = watch === undefined ? answer : () => watchExample(watch, endpoint, answer)
        return { url: '', send: () => emptyIfIgnored(endpoint, use, send) }
      }
    }
  }
  return {
    paging: use.paging ?? NO_PAGING,
    takesParameters: true,
    plan(input) {
      const plan = planRequest({
        endpoint,
        use,
        types: model.types,
        documentUrl: model.index.documentUrl,
        access,
        input: { ...input, user }
      })
      const send = (): Promise<Answer> => scope.callApi(scope, endpoint, plan)
      return { url: plan.url, send: () => emptyIfIgnored(endpoint, use, send) }
    }
  }
}

/** Answers the statuses of `x-flow-retry.ignore` with an empty answer, except for a create or update. */
function emptyIfIgnored(
  { conduct }: EndpointRecord,
  { verb }: EndpointUse,
  call: () => Promise<Answer>
): Promise<Answer> {
  const { ignore } = conduct.retry
  if (ignore.length === 0 || verb === 'save' || verb === 'update') return call()
  return call().catch((error: unknown) => {
    const isApis = error instanceof ConnectorError && error.code === 'API_ERROR'
    if (!isApis || !ignore.includes(error.status)) throw error
    return { status: 204, headers: {}, body: undefined }
  })
}
