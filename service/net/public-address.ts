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

/** IPv6 ranges whose last 32 bits are an IPv4 address: compatible, mapped, translated, and NAT64 (RFC 4291, 6052, 8215). */
const IPV4_LAST = [
  '::/96',
  '::ffff:0:0/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48'
].map(range => ipaddr.IPv6.parseCIDR(range))

/** NAT64 with a prefix of 48 bits, and 6to4: the bytes of the IPv4 address within (RFC 6052 2.2, RFC 3056 2). */
const IPV4_WITHIN = [
  { range: ipaddr.IPv6.parseCIDR('64:ff9b:1::/48'), at: [6, 7, 9, 10] },
  { range: ipaddr.IPv6.parseCIDR('2002::/16'), at: [2, 3, 4, 5] }
]

/** The IPv4 addresses to which an IPv6 address may lead. */
export function embeddedAddresses(address: Address): Address[] {
  if (!(address instanceof ipaddr.IPv6)) return []
  const bytes = address.toByteArray()
  const last = IPV4_LAST.some(range => address.match(range)) ? [bytes.slice(-4)] : []
  const within = IPV4_WITHIN.filter(({ range }) => address.match(range)).map(({ at }) =>
    at.map(index => bytes[index] ?? 0)
  )
  return [...last, ...within].map(four => ipaddr.fromByteArray(four))
}

/** Endings of names that exist in a private network only (RFC 6762, 8375, 9476 and common use). */
const INTERNAL_ENDINGS = ['.local', '.internal', '.svc', '.lan', '.home.arpa']

/** Whether a normalized name has no dot, or is one of a private network. */
export function isInternalName(name: string): boolean {
  return !name.includes('.') || INTERNAL_ENDINGS.some(ending => `.${name}`.endsWith(ending))
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
