import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'

import { LRUCache } from 'lru-cache'

import type { EgressPolicy } from './egress-policy.ts'
import type { NameSources } from './name-lookup.ts'
import { createNameLookup } from './name-lookup.ts'

/** A call that the policy does not permit. It says no more, so that whoever asks learns no more. */
export class EgressDeniedError extends Error {
  override readonly name = 'EgressDeniedError'
  readonly code = 'EGRESS_DENIED'
}

/** What stands between a client and the network. */
export type EgressGuard = {
  /**
   * Lets a URL pass that may be called, as far as it says.
   *
   * @throws EgressDeniedError
   */
  check(url: URL): void
  /**
   * The look-up for connections to a port: the addresses that it gives are those that are connected to,
   * and one that may not be called makes it fail with an EgressDeniedError.
   *
   * @param limitMs Milliseconds in which it ends.
   */
  lookupFor(port: number, limitMs: number): LookupFunction
}

/** Origins whose permission is remembered at the most. */
const ORIGINS_MAX = 1_000

export function createEgressGuard(policy: EgressPolicy, names: NameSources): EgressGuard {
  const permitted = new LRUCache<string, true>({ max: ORIGINS_MAX })

  return {
    check(url) {
      const isPlain = url.username === '' && url.password === ''
      if (isPlain && permitted.has(url.origin)) return
      if (!policy.permitsUrl(url)) throw new EgressDeniedError()
      permitted.set(url.origin, true)
    },
    lookupFor(port, limitMs) {
      const lookUp = createNameLookup(limitMs, names)
      const checkedAddresses = async (name: string): Promise<LookupAddress[]> => {
        const addresses = await lookUp(name, policy.mayBeSearched(name, port))
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
