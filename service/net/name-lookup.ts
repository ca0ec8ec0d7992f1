import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'

import { errorCode } from '../base/error-code.ts'
import { isLocalName, LOOPBACK, normalHost } from './public-address.ts'

/** Sources for looking up names. */
export type NameSources = {
  /** The hosts file; blank for none. */
  readonly readHosts: () => Promise<string>
  /** The resolver configuration; blank for none. */
  readonly readResolvConf: () => Promise<string>
  /** Makes a resolver for the machine's name servers. The time-out is that of the first attempt. */
  readonly newResolver: (timeoutMs: number) => Resolver
}

/**
 * Returns the addresses of a name, IPv4 first; at least one.
 *
 * @param isSearched Whether to try the machine's search domains after the name itself. Default false.
 */
export type NameLookup = (name: string, isSearched?: boolean) => Promise<readonly string[]>

/** The hosts file and the name servers of this machine. */
export const SYSTEM_NAMES: NameSources = {
  readHosts: () => readFile('/etc/hosts', 'utf8').catch(() => ''),
  readResolvConf: () => readFile('/etc/resolv.conf', 'utf8').catch(() => ''),
  newResolver: timeout => new Resolver({ timeout, tries: 2 })
}

/** A name has no address, or looking it up failed. */
export class NameLookupError extends Error {
  override readonly name = 'NameLookupError'
  readonly code: 'ENOTFOUND' | 'EAI_AGAIN' | 'ETIMEOUT'

  constructor(code: NameLookupError['code']) {
    super(code)
    this.code = code
  }
}

/** Responses for a name that does not exist or has no address. */
const ABSENT = ['ENOTFOUND', 'ENODATA', 'EBADNAME']
const LATE = ['ETIMEOUT', 'ECANCELLED']

/**
 * Looks names up in the hosts file, then on the name servers. Unlike `dns.lookup` it uses no thread, so
 * slow names block nothing else. A name that ends in a dot is never searched.
 *
 * @param limitMs Time limit for all queries for one name (ms).
 * @throws NameLookupError
 */
export function createNameLookup(limitMs: number, sources: NameSources): NameLookup {
  return async (name, isSearched = false) => {
    const bare = normalHost(name)
    const listed = hostsAddresses(await sources.readHosts(), bare)
    if (listed.length > 0) return listed
    if (isLocalName(bare)) return LOOPBACK
    const searches = isSearched && !name.endsWith('.')
    const domains = searches ? searchDomains(await sources.readResolvConf()) : []
    // The second attempt waits twice as long as the first.
    const resolver = sources.newResolver(Math.ceil(limitMs / 3))
    let isTimedOut = false
    const timer = setTimeout(() => {
      isTimedOut = true
      resolver.cancel()
    }, limitMs)
    try {
      const codes: string[] = []
      for (const candidate of [bare, ...domains.map(domain => `${bare}.${domain}`)]) {
        const answers = await Promise.allSettled([
          resolver.resolve4(candidate),
          resolver.resolve6(candidate)
        ])
        const found = answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
        if (found.length > 0) return found
        for (const answer of answers) codes.push(codeOf(answer))
        if (isTimedOut) break
      }
      throw new NameLookupError(combinedCode(codes))
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The addresses of a name in a hosts file (hosts(5)). */
function hostsAddresses(text: string, name: string): string[] {
  return text.split('\n').flatMap(line => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    const isNamed = names.some(other => other.toLowerCase() === name)
    return isNamed && isIP(address) !== 0 ? [address] : []
  })
}

/** The domains of the last `search` or `domain` line (resolv.conf(5)). */
function searchDomains(text: string): string[] {
  const lines = text.split('\n').map(line => line.trim().split(/\s+/))
  const [, ...domains] = lines.findLast(([word]) => word === 'search' || word === 'domain') ?? []
  return domains.map(normalHost).filter(domain => domain !== '')
}

function codeOf(answer: PromiseSettledResult<unknown>): string {
  if (answer.status === 'fulfilled') return 'ENODATA'
  return errorCode(answer.reason) ?? ''
}

function combinedCode(codes: readonly string[]): NameLookupError['code'] {
  if (codes.every(code => ABSENT.includes(code))) return 'ENOTFOUND'
  return codes.some(code => LATE.includes(code)) ? 'ETIMEOUT' : 'EAI_AGAIN'
}
