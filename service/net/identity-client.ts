import type { Settings } from '../settings.ts'
import { ConnectorError } from '../errors.ts'
import type { ControlClient, ControlRequest, ControlResponse } from './control-client.ts'
import { withDeadline } from '../time/deadline.ts'
import { identityFailure } from './failure.ts'

/** Bytes of one answer about an identity at the most. */
const ANSWER_MAX_BYTES = 1024 * 1024

/** One call of a login: of an identity provider, or of an API that says who the user is. */
export type IdentityRequest = Omit<ControlRequest, 'maxBytes' | 'wantsBody'> & {
  /** Whether the body of an answer is of use. */
  readonly readsBody: boolean
}

/** The door through which logins, tokens and the descriptions of users go. */
export type IdentityClient = {
  /**
   * Makes one call: no redirect is followed, nothing is repeated.
   *
   * @throws ConnectorError `LOGIN_INSECURE` for an address over plain http that the operator has not
   *   named, `IDENTITY_UNREACHABLE`, `IDENTITY_TIMEOUT`, `IDENTITY_FAILED` for 429 and from 500
   *   on, `IDENTITY_ANSWER_INVALID` for a redirect, or for more than a mebibyte.
   */
  send(request: IdentityRequest, signal: AbortSignal): Promise<ControlResponse>
  /** Whether a browser may be sent to an address, and secrets to it: https, or a host that is named. */
  isSecure(url: URL): boolean
}

/**
 * An identity client over a control client. A call with its connecting is limited by
 * `UPSTREAM_TIMEOUT_MS`.
 *
 * @param isNamed Whether the operator has named a host in `EGRESS_ALLOW`.
 */
export function createIdentityClient(
  client: ControlClient,
  limits: Pick<Settings, 'UPSTREAM_TIMEOUT_MS'>,
  isNamed: (url: URL) => boolean
): IdentityClient {
  const isSecure = (url: URL): boolean =>
    url.protocol === 'https:' || (url.protocol === 'http:' && isNamed(url))
  return {
    isSecure,
    async send(request, signal) {
      const { url } = request
      const { host } = url
      if (!isSecure(url)) throw new ConnectorError('LOGIN_INSECURE', { host })
      const limit = limits.UPSTREAM_TIMEOUT_MS
      const late = () => new ConnectorError('IDENTITY_TIMEOUT', { host, limit })
      const wantsBody = (status: number): boolean =>
        request.readsBody && (status < 300 || status >= 400)
      const response = await withDeadline(limit, signal, late, deadline =>
        client
          .send({ ...request, maxBytes: ANSWER_MAX_BYTES, wantsBody }, deadline)
          .catch((error: unknown) => {
            throw identityFailure(error, url)
          })
      )
      const { status } = response
      if (status >= 500 || status === 429)
        throw new ConnectorError('IDENTITY_FAILED', { host, status })
      if (status < 300 || status >= 400) return response
      throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it is a redirect' })
    }
  }
}
