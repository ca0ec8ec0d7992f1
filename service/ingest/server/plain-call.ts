import { COMMON_OWNER } from '../../base/owner.ts'
import type { Answer, Exchange } from '../../exchange/types.ts'
import type { ConductRecord } from '../../model/endpoint-record.ts'
import { NO_CREDENTIAL } from '../../plan/credentials.ts'
import type { RequestPlan } from '../../plan/types.ts'

/** A call of a server that no document describes. */
export type PlainCall = {
  /** What calls of one kind have in common. */
  readonly operation: string
  readonly method: string
  readonly url: string
  /** May be shown. */
  readonly headers?: { readonly [name: string]: string }
  /** Are masked in messages. */
  readonly secretHeaders?: { readonly [name: string]: string }
  readonly body?: { readonly mediaType: string; readonly text: string } | null
  /** Further texts to mask. */
  readonly secrets?: readonly string[]
}

/** Each of these calls may be repeated: they read, or say what shall be. */
const CONDUCT: ConductRecord = {
  retry: { on: null, onIsOwn: true, max: 3, ignore: [] },
  rateLimit: null
}

/**
 * Makes a call.
 *
 * @param signal Default: one that never aborts.
 * @throws ConnectorError as the exchange.
 */
export function sendPlain(
  exchange: Exchange,
  call: PlainCall,
  signal: AbortSignal = new AbortController().signal
): Promise<Answer> {
  const timeLeftMs = Number.POSITIVE_INFINITY
  return exchange(planCall(call), { owner: COMMON_OWNER, signal, timeLeftMs })
}

function planCall(call: PlainCall): RequestPlan {
  const {
    operation,
    method,
    url,
    headers = {},
    secretHeaders = {},
    body = null,
    secrets = []
  } = call
  return {
    operation,
    method,
    url,
    origin: new URL(url).origin,
    headers,
    body: body && { encoding: 'text', ...body },
    allowedHosts: null,
    accept: 'application/json',
    credential: { ...NO_CREDENTIAL, headers: secretHeaders },
    grant: null,
    answersJson: method === 'GET',
    isWrite: method !== 'GET',
    secrets,
    missingCredential: null,
    unsentCredentials: [],
    conduct: CONDUCT,
    idempotencyKey: null
  }
}
