import { ConnectorError } from '../errors.ts'
import { mayBeRepeated } from '../exchange/conduct/retry.ts'
import type { Answer } from '../exchange/types.ts'
import type { OperationRecord } from '../model/endpoint-record.ts'
import { identityUrl } from '../plan/identity-url.ts'
import { withGranted } from '../plan/plan-request.ts'
import type { Grant, RequestPlan } from '../plan/types.ts'
import { assertApproved } from './approved-origins.ts'
import { loginScope } from './login-methods.ts'
import type { Session } from './session.ts'

/**
 * Makes a live call with what proves its caller: only to a host that may get a credential, with the token
 * that its grant stands for, and once more with a newer one where the API refuses the first by 401 and
 * the call may be repeated (x-flow 10, row F18).
 *
 * @throws ConnectorError `ORIGIN_NOT_APPROVED`, `IDENTITY_*` and `LOGIN_*` for a token that cannot be
 *   had, and those of the exchange.
 */
export async function sendProven(
  session: Session,
  operation: OperationRecord,
  plan: RequestPlan
): Promise<Answer> {
  const { caller, ports } = session
  const { tenant, signal } = caller
  const send = (proven: RequestPlan): Promise<Answer> =>
    ports.live(proven, { tenant, signal, timeLeftMs: caller.timeLeftMs() })
  if (carriesSecret(plan)) await assertApprovedFor(session, new URL(plan.url))
  if (plan.grant === null) return send(plan)
  const given = await authorization(session, operation, plan.grant, null)
  if (given === null) return send(plan)
  try {
    return await send(withGranted(plan, given))
  } catch (error) {
    if (!isUnauthorized(error)) throw error
    const renewed = await authorization(session, operation, plan.grant, given)
    if (renewed === null || renewed === given || !mayBeRepeated(plan)) throw error
    return send(withGranted(plan, renewed))
  }
}

function carriesSecret({ credential, grant, secrets }: RequestPlan): boolean {
  const { headers, query, cookies } = credential
  const count = Object.keys(headers).length + query.length + cookies.length + secrets.length
  return grant !== null || count > 0
}

/** Refuses an address to which nothing that proves this caller may go. */
async function assertApprovedFor(
  { caller, ports, model, access }: Session,
  url: URL
): Promise<void> {
  const first = await ports.origins.first(loginScope(caller), model.index.origins)
  assertApproved(url, first, access)
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ConnectorError && error.code === 'API_ERROR' && error.status === 401
}

/**
 * What a grant stands for now.
 *
 * @param refused The value that was not taken; null for none.
 * @returns Null where there is no value, or none but the refused.
 */
async function authorization(
  session: Session,
  { server }: OperationRecord,
  grant: Grant,
  refused: string | null
): Promise<string | null> {
  const { login, caller, ports, model, access } = session
  const { tenant, signal } = caller
  if (grant.from === 'login') {
    if (login === null) return null
    return refused === null ? login.authorization() : login.renew(refused, signal)
  }
  const { client } = access
  if (client === null) return null
  const { scheme, scope } = grant
  const base = { documentUrl: model.index.documentUrl, access }
  const tokenUrl = identityUrl({ scheme, server }, grant.tokenUrl, 'provider', base)
  await assertApprovedFor(session, tokenUrl)
  return ports.identity.clientTokens.authorization(
    { tenant, tokenUrl, scope, client },
    refused,
    signal
  )
}
