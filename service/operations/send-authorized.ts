import type { Answer } from '../exchange/types.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import { carriesSecret } from '../plan/credentials.ts'
import { identityUrl } from '../plan/server-url.ts'
import { withGranted, withIdempotencyKey } from '../plan/plan-request.ts'
import type { Grant, RequestPlan } from '../plan/types.ts'
import { assertApproved, originScope } from './approved-origins.ts'
import type { Session } from './session.ts'
import { isApiError } from './session.ts'

/**
 * Calls the API with the caller's credential, which goes to approved hosts only. If the API answers 401, the
 * call is made once more with a renewed token: a 401 says that nothing was done (RFC 9110 15.5.2). All attempts
 * share one idempotency key.
 *
 * @throws ConnectorError `ORIGIN_NOT_APPROVED`, `IDENTITY_*` and `LOGIN_*` when no token can be obtained,
 *   and those of the exchange.
 */
export function sendAuthorized(
  session: Session,
  endpoint: EndpointRecord,
  given: RequestPlan
): Promise<Answer> {
  const plan = withIdempotencyKey(given, session.ports.newKey)
  return carriesSecret(plan) ? sendSecret(session, endpoint, plan) : send(session, plan)
}

function send({ caller, ports, watch }: Session, plan: RequestPlan): Promise<Answer> {
  const { owner, deadline } = caller
  const { signal } = deadline
  const { isAlone, onWait = watch?.waited } = deadline
  const timeLeftMs = deadline.timeLeftMs()
  return ports.live(plan, { owner, signal, timeLeftMs, isAlone, onWait, watch })
}

async function sendSecret(
  session: Session,
  endpoint: EndpointRecord,
  plan: RequestPlan
): Promise<Answer> {
  await assertApprovedFor(session, new URL(plan.origin))
  if (plan.grant === null) return send(session, plan)
  const token = await authorization(session, endpoint, plan.grant, null)
  if (token === null) return send(session, plan)
  try {
    return await send(session, withGranted(plan, token))
  } catch (error) {
    if (!isApiError(error, 401)) throw error
    const renewed = await authorization(session, endpoint, plan.grant, token)
    if (renewed === null || renewed === token) throw error
    return send(session, withGranted(plan, renewed))
  }
}

async function assertApprovedFor({ caller, ports, model, access }: Session, url: URL) {
  assertApproved(
    url,
    await ports.origins.first(originScope(caller), model.index.origins, false),
    access
  )
}

/**
 * The `Authorization` value of a grant.
 *
 * @param refused The value that the API refused; null on the first attempt.
 * @returns Null if there is none, or none but the refused one.
 */
async function authorization(
  session: Session,
  { server }: EndpointRecord,
  grant: Grant,
  refused: string | null
): Promise<string | null> {
  const { login, caller, ports, model, access } = session
  const { owner, deadline } = caller
  if (grant.from === 'login') {
    if (login === null) return null
    return refused === null ? login.authorization() : login.renew(refused, deadline.signal)
  }
  const { client } = access
  if (client === null) return null
  const { scheme, scope, client: words } = grant
  const base = { documentUrl: model.index.documentUrl, access }
  const tokenUrl = identityUrl({ scheme, server }, grant.tokenUrl, 'provider', base)
  await assertApprovedFor(session, tokenUrl)
  const request = {
    ...{ owner, tokenUrl, scope, client },
    ...{ clientAuth: words.auth, parameters: words.tokenParameters }
  }
  return ports.identity.clientTokens.authorization(request, refused, deadline.signal)
}
