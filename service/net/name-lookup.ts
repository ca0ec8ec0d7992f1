import { Resolver } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'

import { isLocalName, LOOPBACK, normalHost } from './public-address.ts'

/** What names are looked up with. */
export type NameSources = {
  /** The text of the file of hosts; blank for none. */
  readonly readHosts: () => Promise<string>
  /** Asks the machine's name servers, each for so many milliseconds at first. */
  readonly newResolver: (timeoutMs: number) => Resolver
}

/** The addresses of a name, IPv4 first; at least one. */
export type NameLookup = (name: string) => Promise<readonly string[]>

/** The file of hosts and the name servers of this machine. */
export const SYSTEM_NAMES: NameSources = {
  readHosts: () => readFile('/etc/hosts', 'utf8').catch(() => ''),
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
 * that slow names hold up nothing else, and within a time. A name is taken as it stands, never with the
 * machine's search domains behind it.
 *
 * @param limitMs Milliseconds for all questions about one name.
 * @throws NameLookupError
 */
export function createNameLookup(limitMs: number, sources: NameSources): NameLookup {
  return async name => {
    const bare = normalHost(name)
    const listed = hostsAddresses(await sources.readHosts(), bare)
    if (listed.length > 0) return listed
    if (isLocalName(bare)) return LOOPBACK
    // The second try waits twice as long as the first.
    const resolver = sources.newResolver(Math.ceil(limitMs / 3))
    const timer = setTimeout(() => resolver.cancel(), limitMs)
    const answers = await Promise.allSettled([resolver.resolve4(bare), resolver.resolve6(bare)])
    clearTimeout(timer)
    const found = answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
    if (found.length > 0) return found
    throw new NameLookupError(meaningOf(answers.map(codeOf)))
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

function codeOf(answer: PromiseSettledResult<unknown>): string {
  if (answer.status === 'fulfilled') return 'ENODATA'
  return answer.reason instanceof Error && 'code' in answer.reason ? `${answer.reason.code}` : ''
}

function meaningOf(codes: readonly string[]): NameLookupError['code'] {
  if (codes.every(code => ABSENT.includes(code))) return 'ENOTFOUND'
  return codes.some(code => LATE.includes(code)) ? 'ETIMEOUT' : 'EAI_AGAIN'
}
