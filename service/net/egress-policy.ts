import ipaddr from 'ipaddr.js'

import type { Settings } from '../settings.ts'
import { SettingsError } from '../settings.ts'
import type { EgressEntry, EgressTarget } from './egress-entry.ts'
import { covers, ENTRY_FORMS, parseEgressEntry } from './egress-entry.ts'
import {
  isLocalName,
  isPublicAddress,
  LOOPBACK,
  normalHost,
  parseAddress
} from './public-address.ts'

/** Who may be called. */
export type EgressPolicy = {
  /**
   * Whether a URL may be called, as far as it says: by its scheme, user information, host and port, and
   * by its address where the host is one. A name that may be called can still lead where none may go.
   */
  permitsUrl(url: URL): boolean
  /** Whether a connection to a name that may be called may go to this address of it. */
  permitsAddress(name: string, port: number, address: string): boolean
  /**
   * Whether a name may be looked up in the machine's search domains: only one that has an entry of its
   * own in `EGRESS_ALLOW`, so that nobody else reaches into the operator's domain by a short name.
   */
  mayBeSearched(name: string, port: number): boolean
  /** Whether `EGRESS_ALLOW` names a URL's host and port, by name or by the address that it is. */
  isNamed(url: URL): boolean
}

/** Ports above the well-known ones at which services listen that speak no HTTP, or trust whoever asks. */
const SERVICE_PORTS = new Set([2049, 3306, 5432, 6379, 9200, 11211, 27017])

/**
 * The policy of `EGRESS_ALLOW` and `EGRESS_DENY`. Addresses that are not public, and ports of well-known
 * services, are for those that `EGRESS_ALLOW` names; `EGRESS_DENY` wins over it.
 *
 * @param ownAddresses The addresses of this machine's interfaces, which are nobody else's to call.
 * @throws SettingsError for a malformed entry.
 */
export function createEgressPolicy(
  settings: Pick<Settings, 'EGRESS_ALLOW' | 'EGRESS_DENY'>,
  ownAddresses: () => readonly string[]
): EgressPolicy {
  const allow = readEntries('EGRESS_ALLOW', settings.EGRESS_ALLOW)
  const deny = readEntries('EGRESS_DENY', settings.EGRESS_DENY)
  const isDenied = (target: EgressTarget): boolean =>
    deny.some(entry => covers(entry, target) || covers(entry, byAddress(target)))

  const permits = (target: EgressTarget): boolean => {
    if (isDenied(target)) return false
    const naming = allow.filter(entry => covers(entry, target))
    if (isServicePort(target.port) && naming.every(({ port }) => port === null)) return false
    const { address } = target
    if (address === null || naming.length > 0) return true
    return isPublicAddress(address) && !isAmong(ownAddresses(), address)
  }
  return {
    permitsUrl(url) {
      const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
      if (!isHttp || url.username !== '' || url.password !== '') return false
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
    isNamed(url) {
      const target = targetOf(url)
      return !isDenied(target) && allow.some(entry => covers(entry, target))
    }
  }
}

/** The port that a URL's calls go to. */
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

/** The same as if its URL had its address, with the IPv4 address that an IPv6 one only wraps. */
function byAddress(target: EgressTarget): EgressTarget {
  if (target.address === null) return target
  const wraps = target.address instanceof ipaddr.IPv6 && target.address.isIPv4MappedAddress()
  const address = wraps ? target.address.toIPv4Address() : target.address
  return { ...target, host: address.toString(), address }
}

function isServicePort(port: number): boolean {
  return (port < 1024 && port !== 80 && port !== 443) || SERVICE_PORTS.has(port)
}

function isAmong(addresses: readonly string[], address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const text = address.toNormalizedString()
  return addresses.some(other => parseAddress(other)?.toNormalizedString() === text)
}
