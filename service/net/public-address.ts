import { isIP } from 'node:net'

import ipaddr from 'ipaddr.js'

export type Address = ipaddr.IPv4 | ipaddr.IPv6

/** What `localhost` and the names below it stand for (RFC 6761 6.3). */
export const LOOPBACK: readonly string[] = ['127.0.0.1', '::1']

/** Azure's host services, on a public address in every virtual network. */
const AZURE_HOST = '168.63.129.16'

/** All of IPv6 that is given out to the internet (RFC 4291 2.4, IANA); the rest has other uses, or none yet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

/** An IPv4 or IPv6 address in its usual form, without brackets; null for anything else. */
export function parseAddress(text: string): Address | null {
  return isIP(text) === 0 ? null : ipaddr.parse(text)
}

/**
 * Whether an address belongs to the open internet: not to this machine, a private network or a cloud's
 * inside, and not to a range that wraps IPv4 addresses, is for documentation, or has no use.
 */
export function isPublicAddress(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv6'
    ? address.match(GLOBAL_UNICAST)
    : address.toString() !== AZURE_HOST
}

/** Whether a URL's host, which may have a port, is this machine or an address that is not public. */
export function isPrivateHost(host: string): boolean {
  const name = normalHost(URL.parse(`http://${host}`)?.hostname ?? '')
  const address = parseAddress(name)
  return address === null ? isLocalName(name) : !isPublicAddress(address)
}

/** Whether a name, as `normalHost` has it, stands for this machine. */
export function isLocalName(name: string): boolean {
  return /(^|\.)localhost$/.test(name)
}

/** A host as names and addresses are compared: `URL` did the rest, of letter case, IDNA and odd numbers. */
export function normalHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.+$/, '')
}
