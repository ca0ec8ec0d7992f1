import { ConnectorError } from '../errors.ts'
import { mayBeRepeated } from '../exchange/conduct/retry.ts'
import type { Answer, Exchange } from '../exchange/types.ts'
import type { Identity } from '../identity/create-identity.ts'
import type { UserLogin } from '../identity/open-login.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { OpenModel } from '../model/open-model.ts'
import { identityUrl } from '../plan/server-url.ts'
import { withGranted } from '../plan/plan-request.ts'
import type { ApiAccess, Grant, RequestPlan } from '../plan/types.ts'
import type { ApprovedOrigins } from './approved-origins.ts'
import { assertApproved } from './approved-origins.ts'
import type { FlowCaller } from './flow-deadline.ts'
import { loginScope } from './login-methods.ts'

/** What proves a caller to an API, and where that may go. */
export type Proof = {
  readonly caller: FlowCaller
  readonly model: OpenModel
  readonly access: ApiAccess
  /** The user's own login; null for nobody. */
  readonly login: UserLogin | null
  readonly ports: {
    readonly live: Exchange
    readonly identity: Identity
    readonly origins: ApprovedOrigins
  }
}

/**
 * Makes a live call with what proves its caller: only to a host that may get a credential, with the token
 * that its grant stands for, and once more with a newer one where the API refuses the first by 401 and
 * the call may be repeated.
 *
 * @throws ConnectorError `ORIGIN_NOT_APPROVED`, `IDENTITY_*` and `LOGIN_*` for a token that cannot be
 *   had, and those of the exchange.
 */
export async function sendProven(
  proof: Proof,
  endpoint: EndpointRecord,
  plan: RequestPlan
): Promise<Answer> {
  const { caller, ports } = proof
  const { tenant, signal } = caller
  const send = (proven: RequestPlan): Promise<Answer> =>
    ports.live(proven, { tenant, signal, timeLeftMs: caller.timeLeftMs() })
  if (carriesSecret(plan)) await assertApprovedFor(proof, new URL(plan.url))
  if (plan.grant === null) return send(plan)
  const given = await authorization(proof, endpoint, plan.grant, null)
  if (given === null) return send(plan)
  try {
    return await send(withGranted(plan, given))
  } catch (error) {
    if (!isUnauthorized(error)) throw error
    const renewed = await authorization(proof, endpoint, plan.grant, given)
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
async function assertApprovedFor({ caller, ports, model, access }: Proof, url: URL): Promise<void> {
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
  proof: Proof,
  { server }: EndpointRecord,
  grant: Grant,
  refused: string | null
): Promise<string | null> {
  const { login, caller, ports, model, access } = proof
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
  await assertApprovedFor(proof, tokenUrl)
  return ports.identity.clientTokens.authorization(
    { tenant, tokenUrl, scope, client },
    refused,
    signal
  )
}
