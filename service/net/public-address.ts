import { isIP } from 'node:net'

import ipaddr from 'ipaddr.js'

import { parseUrl } from '../base/parse-url.ts'
import { trimTrailing } from '../base/trim-trailing.ts'

export type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Addresses of `localhost` and its subdomains (RFC 6761 6.3). */
export const LOOPBACK: readonly string[] = ['127.0.0.1', '::1']

/** Azure's host services, on a public address in every virtual network. */
const AZURE_HOST = '168.63.129.16'

/** IPv6 addresses assigned for the internet (RFC 4291 2.4, IANA). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

/** Parses an IPv4 or IPv6 address without brackets; null for anything else. */
export function parseAddress(text: string): Address | null {
  return isIP(text) === 0 ? null : ipaddr.parse(text)
}

/**
 * Whether an address is on the public internet: not this machine, a private network, a cloud's metadata
 * service, or a range that is reserved or embeds IPv4 addresses.
 */
export function isPublicAddress(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv6'
    ? address.match(GLOBAL_UNICAST)
    : address.toString() !== AZURE_HOST
}

/** Whether a host, with or without port, is this machine or a non-public address. */
export function isPrivateHost(host: string): boolean {
  const name = normalHost(parseUrl(`http://${host}`)?.hostname ?? '')
  const address = parseAddress(name)
  return address === null ? isLocalName(name) : !isPublicAddress(address)
}

/** Whether a normalized name is `localhost` or a subdomain of it. */
export function isLocalName(name: string): boolean {
  return /(^|\.)localhost$/.test(name)
}

/** Strips brackets and trailing dots. `URL` has normalized IDNA and numeric addresses already. */
export function normalHost(hostname: string): string {
  const name = hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return trimTrailing(name, '.')
}
