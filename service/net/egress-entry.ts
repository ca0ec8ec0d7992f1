import { HOST_MAX_LENGTH } from '../base/parse-url.ts'
import type { Address } from './public-address.ts'
import { parseAddress } from './public-address.ts'

type AddressRange = { readonly kind: 'range'; readonly first: Address; readonly bits: number }

/** An entry of `EGRESS_ALLOW` or `EGRESS_DENY`: hosts or addresses, at one port or all. */
export type EgressEntry = {
  /** Null: all ports. */
  readonly port: number | null
  readonly hosts: /** `localhost` also matches loopback addresses given as a URL's host. */
    | { readonly kind: 'name'; readonly name: string }
    /** Every name that ends in the suffix, which begins with a dot. */
    | { readonly kind: 'names'; readonly suffix: string }
    | AddressRange
}

/** The destination of a connection. */
export type EgressTarget = {
  /** Normalized by `normalHost`. */
  readonly host: string
  readonly port: number
  /** Null for a name that has not been looked up. */
  readonly address: Address | null
}

export const ENTRY_FORMS =
  'host, *.host, an address or a CIDR, each with :port if it is meant for that port only; an IPv6 one then in brackets, as in [fd00::/8]:8443'

/** A host, address or range with an optional port, IPv6 in brackets; or a bare IPv6 one without port. */
const ENTRY = /^(?:\[([^\][]+)\]|([^\s:@?#%\\[\]]+)|([\da-f:.]+(?:\/\d+)?$))(?::(\d{1,5}))?$/i

/** The labels of a name that can be looked up (RFC 1035 2.3.1), with the underscores of service names. */
const HOST_NAME = /^[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63})*$/

/** Reads one entry of a list; undefined when it is malformed. */
export function parseEgressEntry(text: string): EgressEntry | undefined {
  const [, bracketed, plain, bare, digits] = ENTRY.exec(text) ?? []
  const port = digits === undefined ? null : Number(digits)
  if (port !== null && (port < 1 || port > 65_535)) return undefined
  if (plain !== undefined) {
    const hosts = parseRange(plain, 'ipv4') ?? parseNames(plain)
    return hosts && { port, hosts }
  }
  const hosts = parseRange(bracketed ?? bare ?? '', 'ipv6')
  return hosts && { port, hosts }
}

/** Whether an entry matches a destination. */
export function covers({ port, hosts }: EgressEntry, target: EgressTarget): boolean {
  if (port !== null && port !== target.port) return false
  if (hosts.kind === 'name') return matchesName(hosts.name, target.host)
  if (hosts.kind === 'names') return target.host.endsWith(hosts.suffix)
  const { address } = target
  const { first, bits } = hosts
  return address !== null && address.kind() === first.kind() && address.match([first, bits])
}

/**
 * `localhost` also matches 127.0.0.0/8 and ::1 as a URL's host, but no other name that resolves to them:
 * anybody can point their own name at this machine.
 */
function matchesName(name: string, host: string): boolean {
  return name === host || (name === 'localhost' && parseAddress(host)?.range() === 'loopback')
}

function parseRange(text: string, kind: 'ipv4' | 'ipv6'): AddressRange | undefined {
  const [, base = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const first = parseAddress(base)
  if (first?.kind() !== kind) return undefined
  const maxBits = kind === 'ipv4' ? 32 : 128
  const bits = length === undefined ? maxBits : Number(length)
  return bits > maxBits ? undefined : { kind: 'range', first, bits }
}

function parseNames(text: string): EgressEntry['hosts'] | undefined {
  const [, wildcard, host = ''] = /^(\*\.)?([^*/]+)$/.exec(text) ?? []
  const name = URL.parse(`http://${host}`)?.hostname.replace(/\.$/, '') ?? ''
  if (name.length > HOST_MAX_LENGTH || !HOST_NAME.test(name)) return undefined
  // `URL` turns any numeric form, such as 127.1, into an address.
  const range = parseRange(name, 'ipv4')
  if (wildcard === undefined) return range ?? { kind: 'name', name }
  return range === undefined ? { kind: 'names', suffix: `.${name}` } : undefined
}
