import type ipaddr from 'ipaddr.js'

import { HOST_MAX_LENGTH } from '../base/parse-url.ts'
import type { Settings } from '../settings.ts'
import { SettingsError } from '../settings.ts'
import type { EgressEntry, EgressTarget } from './egress-entry.ts'
import { covers, ENTRY_FORMS, parseEgressEntry } from './egress-entry.ts'
import {
  embeddedAddresses,
  isInternalName,
  isLocalName,
  isPublicAddress,
  LOOPBACK,
  normalHost,
  parseAddress
} from './public-address.ts'

export type EgressPolicy = {
  /**
   * Whether scheme, user information, host and port of a URL are permitted, and its address if the host is
   * one. The addresses of a permitted name have to be checked too.
   */
  permitsUrl(url: URL): boolean
  /** Whether connections to a permitted name may use this address. */
  permitsAddress(name: string, port: number, address: string): boolean
  /**
   * Whether a name may be looked up in the machine's search domains: only if `EGRESS_ALLOW` has an entry
   * for it, so that callers cannot reach the operator's domain by short names.
   */
  mayBeSearched(name: string, port: number): boolean
  /**
   * Whether a name that cannot be looked up is refused like one that may not be called, so that nobody learns
   * which names a private network has: a name of such a network, without an entry in `EGRESS_ALLOW`.
   */
  isHidden(name: string, port: number): boolean
  /** Whether `EGRESS_ALLOW` names the host and port of a URL. */
  isNamed(url: URL): boolean
}

/** Ports above 1023 of services that do not speak HTTP or do not authenticate. */
const SERVICE_PORTS = new Set([2049, 3306, 5432, 6379, 9200, 11211, 27017])

/**
 * Reads the policy from `EGRESS_ALLOW` and `EGRESS_DENY`. Non-public addresses and service ports need an
 * entry in `EGRESS_ALLOW`. `EGRESS_DENY` takes precedence.
 *
 * @param ownAddresses Addresses of this machine's interfaces, which count as non-public.
 * @throws SettingsError for a malformed entry.
 */
export function createEgressPolicy(
  settings: Pick<Settings, 'EGRESS_ALLOW' | 'EGRESS_DENY'>,
  ownAddresses: () => readonly string[]
): EgressPolicy {
  const allow = readEntries('EGRESS_ALLOW', settings.EGRESS_ALLOW)
  const deny = readEntries('EGRESS_DENY', settings.EGRESS_DENY)
  const isDenied = (target: EgressTarget): boolean =>
    [target, ...byAddress(target)].some(given => deny.some(entry => covers(entry, given)))

  const permits = (target: EgressTarget): boolean => {
    if (isDenied(target)) return false
    const matches = allow.filter(entry => covers(entry, target))
    if (isServicePort(target.port) && matches.every(({ port }) => port === null)) return false
    const { address } = target
    if (address === null || matches.length > 0) return true
    return isPublicAddress(address) && !isAmong(ownAddresses(), address)
  }
  return {
    permitsUrl(url) {
      const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
      if (!isHttp || url.username !== '' || url.password !== '') return false
      if (url.hostname.length > HOST_MAX_LENGTH) return false
      const target = targetOf(url)
      if (!isLocalName(target.host)) return permits(target)
      return LOOPBACK.some(address => permits({ ...target, address: parseAddress(address) }))
    },
    permitsAddress(name, port, text) {
      const address = parseAddress(text)
      return address !== null && permits({ host: normalHost(name), port, address })
    },
    mayBeSearched(name, port) {
      const target = { host: normalHost(name), port, address: null }
      return allow.some(entry => entry.hosts.kind === 'name' && covers(entry, target))
    },
    isHidden(name, port) {
      const target = { host: normalHost(name), port, address: null }
      return isInternalName(target.host) && !allow.some(entry => covers(entry, target))
    },
    isNamed(url) {
      const target = targetOf(url)
      return !isDenied(target) && allow.some(entry => covers(entry, target))
    }
  }
}

/** The port of a URL, explicit or default. */
export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

function readEntries(name: 'EGRESS_ALLOW' | 'EGRESS_DENY', list: string): readonly EgressEntry[] {
  const texts = list.split(',').map(text => text.trim())
  return texts
    .filter(text => text !== '')
    .map(text => {
      const entry = parseEgressEntry(text)
      if (entry !== undefined) return entry
      throw new SettingsError(`${name} has "${text}"; allowed is ${ENTRY_FORMS}`)
    })
}

function targetOf(url: URL): EgressTarget {
  const host = normalHost(url.hostname)
  return { host, port: portOf(url), address: parseAddress(host) }
}

/** The same with its address as host, and with the IPv4 addresses in it. */
function byAddress(target: EgressTarget): EgressTarget[] {
  if (target.address === null) return []
  return [target.address, ...embeddedAddresses(target.address)].map(address => ({
    ...target,
    host: address.toString(),
    address
  }))
}

function isServicePort(port: number): boolean {
  return (port < 1024 && port !== 80 && port !== 443) || SERVICE_PORTS.has(port)
}

function isAmong(addresses: readonly string[], address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const text = address.toNormalizedString()
  return addresses.some(other => parseAddress(other)?.toNormalizedString() === text)
}
