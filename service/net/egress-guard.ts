import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'

import { LRUCache } from 'lru-cache'

import type { EgressPolicy } from './egress-policy.ts'
import type { NameSources } from './name-lookup.ts'
import { createNameLookup } from './name-lookup.ts'

/** The policy does not permit a call. It has no details, so that callers cannot probe the network. */
export class EgressDeniedError extends Error {
  override readonly name = 'EgressDeniedError'
  readonly code = 'EGRESS_DENIED'
}

/** Enforces the egress policy. */
export type EgressGuard = {
  /** @throws EgressDeniedError when the policy does not permit the URL. */
  check(url: URL): void
  /**
   * Makes the look-up for connections to a port. It fails with an EgressDeniedError if the policy does not
   * permit one of the addresses, and for a name of a private network also if there is none.
   *
   * @param limitMs Time limit of a look-up (ms).
   */
  lookupFor(port: number, limitMs: number): LookupFunction
}

/** Permitted origins to remember. */
const ORIGINS_MAX = 1_000

export function createEgressGuard(policy: EgressPolicy, names: NameSources): EgressGuard {
  const permitted = new LRUCache<string, true>({ max: ORIGINS_MAX })

  return {
    check(url) {
      const hasUser = url.username !== '' || url.password !== ''
      if (!hasUser && permitted.has(url.origin)) return
      if (!policy.permitsUrl(url)) throw new EgressDeniedError()
      permitted.set(url.origin, true)
    },
    lookupFor(port, limitMs) {
      const lookUp = createNameLookup(limitMs, names)
      const checkedAddresses = async (name: string): Promise<LookupAddress[]> => {
        const addresses = await lookUp(name, policy.mayBeSearched(name, port)).catch(error => {
          throw policy.isHidden(name, port) ? new EgressDeniedError() : error
        })
        if (!addresses.every(address => policy.permitsAddress(name, port, address))) {
          throw new EgressDeniedError()
        }
        return addresses.map(address => ({ address, family: isIP(address) }))
      }
      return (name, { all }, callback) => {
        checkedAddresses(name).then(
          found => {
            const [first] = found
            if (all === true) callback(null, found)
            else callback(null, first?.address ?? '', first?.family ?? 0)
          },
          error => callback(error, '')
        )
      }
    }
  }
}
