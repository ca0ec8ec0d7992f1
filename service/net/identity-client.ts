import { retryAfterSeconds } from '../base/retry-after.ts'
import type { Settings } from '../settings.ts'
import { ConnectorError } from '../errors.ts'
import type { ControlClient, ControlRequest, ControlResponse } from './control-client.ts'
import { withDeadline } from '../time/deadline.ts'
import { identityFailure } from './failure.ts'

const RESPONSE_MAX_BYTES = 1024 * 1024

/** A call of an identity provider, or of an API for the user's details. */
export type IdentityRequest = Omit<ControlRequest, 'maxBytes' | 'wantsBody'> & {
  /** Whether to read the body of the response. */
  readonly readsBody: boolean
}

/** HTTP client for logins, tokens and user info. */
export type IdentityClient = {
  /**
   * Makes one call, without redirects and retries.
   *
   * @throws ConnectorError `LOGIN_INSECURE` for plain http to a host that the operator has not
   *   allowed, `IDENTITY_UNREACHABLE`, `IDENTITY_TIMEOUT`, `IDENTITY_FAILED` for 429 and 5xx, with their
   *   `Retry-After`, `IDENTITY_ANSWER_INVALID` for a redirect, or a body over 1 MiB.
   */
  send(request: IdentityRequest, signal: AbortSignal): Promise<ControlResponse>
  /** Whether browsers and secrets may be sent to a URL: https, or http to a host in `EGRESS_ALLOW`. */
  isSecure(url: URL): boolean
}

/**
 * `UPSTREAM_TIMEOUT_MS` limits a call, connecting included.
 *
 * @param isNamed Whether `EGRESS_ALLOW` names the host.
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
      const timeoutError = () => new ConnectorError('IDENTITY_TIMEOUT', { host, limit })
      const wantsBody = (status: number): boolean =>
        request.readsBody && (status < 300 || status >= 400)
      const response = await withDeadline(limit, signal, timeoutError, deadline =>
        client
          .send({ ...request, maxBytes: RESPONSE_MAX_BYTES, wantsBody }, deadline)
          .catch((error: unknown) => {
            throw identityFailure(error, url)
          })
      )
      const { status, headers } = response
      if (status >= 500 || status === 429) {
        const seconds = retryAfterSeconds(headers['retry-after'], Date.now())
        throw new ConnectorError(
          'IDENTITY_FAILED',
          { host, status },
          { retryAfterSeconds: seconds }
        )
      }
      if (status < 300 || status >= 400) return response
      throw new ConnectorError('IDENTITY_ANSWER_INVALID', { host, reason: 'it is a redirect' })
    }
  }
}
