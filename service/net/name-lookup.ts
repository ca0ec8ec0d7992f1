import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'

import { isLocalName, LOOPBACK, normalHost } from './public-address.ts'

/** What names are looked up with. */
export type NameSources = {
  /** The text of the file of hosts; blank for none. */
  readonly readHosts: () => Promise<string>
  /** The text of the resolver's configuration; blank for none. */
  readonly readResolvConf: () => Promise<string>
  /** Asks the machine's name servers, each for so many milliseconds at first. */
  readonly newResolver: (timeoutMs: number) => Resolver
}

/**
 * The addresses of a name, IPv4 first; at least one.
 *
 * @param isSearched Whether the machine's search domains are tried after the name as it stands; false
 *   by default.
 */
export type NameLookup = (name: string, isSearched?: boolean) => Promise<readonly string[]>

/** The file of hosts and the name servers of this machine. */
export const SYSTEM_NAMES: NameSources = {
  readHosts: () => readFile('/etc/hosts', 'utf8').catch(() => ''),
  readResolvConf: () => readFile('/etc/resolv.conf', 'utf8').catch(() => ''),
  newResolver: timeout => new Resolver({ timeout, tries: 2 })
}

/** A name that has no address, or whose address could not be found out, as its `code` says. */
export class NameLookupError extends Error {
  override readonly name = 'NameLookupError'
  readonly code: 'ENOTFOUND' | 'EAI_AGAIN' | 'ETIMEOUT'

  constructor(code: NameLookupError['code']) {
    super(code)
    this.code = code
  }
}

/** Answers of name servers that say that there is no such name, or no address for it. */
const ABSENT = ['ENOTFOUND', 'ENODATA', 'EBADNAME']
const LATE = ['ETIMEOUT', 'ECANCELLED']

/**
 * Looks names up in the file of hosts, else asks the name servers: without any thread, so
 * that slow names hold up nothing else, and within a time. A name with a dot at its end is never searched.
 *
 * @param limitMs Milliseconds for all questions about one name.
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
    // The second try waits twice as long as the first.
    const resolver = sources.newResolver(Math.ceil(limitMs / 3))
    let isOver = false
    const timer = setTimeout(() => {
      isOver = true
      resolver.cancel()
    }, limitMs)
    try {
      const codes: string[] = []
      for (const asked of [bare, ...domains.map(domain => `${bare}.${domain}`)]) {
        const answers = await Promise.allSettled([
          resolver.resolve4(asked),
          resolver.resolve6(asked)
        ])
        const found = answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
        if (found.length > 0) return found
        codes.push(...answers.map(codeOf))
        if (isOver) break
      }
      throw new NameLookupError(meaningOf(codes))
    } finally {
      clearTimeout(timer)
    }
  }
}

/** The addresses that a file of hosts gives a name (hosts(5)). */
function hostsAddresses(text: string, name: string): string[] {
  return text.split('\n').flatMap(line => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    const isNamed = names.some(other => other.toLowerCase() === name)
    return isNamed && isIP(address) !== 0 ? [address] : []
  })
}

/** The domains of the last `search` or `domain` line of a resolver's configuration (resolv.conf(5)). */
function searchDomains(text: string): string[] {
  const lines = text.split('\n').map(line => line.trim().split(/\s+/))
  const [, ...domains] = lines.findLast(([word]) => word === 'search' || word === 'domain') ?? []
  return domains.map(normalHost).filter(domain => domain !== '')
}

function codeOf(answer: PromiseSettledResult<unknown>): string {
  if (answer.status === 'fulfilled') return 'ENODATA'
  return answer.reason instanceof Error && 'code' in answer.reason ? `${answer.reason.code}` : ''
}

function meaningOf(codes: readonly string[]): NameLookupError['code'] {
  if (codes.every(code => ABSENT.includes(code))) return 'ENOTFOUND'
  return codes.some(code => LATE.includes(code)) ? 'ETIMEOUT' : 'EAI_AGAIN'
}
