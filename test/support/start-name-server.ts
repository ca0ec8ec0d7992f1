import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { TestContext } from 'node:test'

import ipaddr from 'ipaddr.js'

import type { NameSources } from '../../service/net/name-lookup.ts'
import { SYSTEM_NAMES } from '../../service/net/name-lookup.ts'

/** Addresses of the asked kind; or that there is no such name, a failure of the server, or no word. */
export type NameAnswer = readonly string[] | 'unknown' | 'failure' | 'silence'

export type StartedNameServer = {
  /** A machine whose only name server this is. */
  readonly names: NameSources
  /** Every question so far, as `A api.example`. */
  readonly questions: readonly string[]
}

const TYPES: { readonly [type: number]: 'A' | 'AAAA' } = { 1: 'A', 28: 'AAAA' }
const RESPONSE_CODES = { unknown: 3, failure: 2 }

/**
 * Starts a DNS server (RFC 1035) on a free UDP port of this machine, until the test ends.
 *
 * @param answer Called for each question; the look-up of a name asks two.
 * @param files The hosts file and the resolver's configuration.
 */
export async function startNameServer(
  t: TestContext,
  answer: (type: 'A' | 'AAAA', name: string) => NameAnswer,
  files: { readonly hosts?: string; readonly resolvConf?: string } = {}
): Promise<StartedNameServer> {
  const questions: string[] = []
  const socket = createSocket('udp4', (query, from) => {
    const { name, type, end } = readQuestion(query)
    questions.push(`${type} ${name}`)
    const given = answer(type, name)
    if (given === 'silence') return
    const reply = writeReply(query.subarray(0, end), given)
    socket.send(reply, from.port, from.address)
  })
  t.after(() => socket.close())
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const names: NameSources = {
    readHosts: async () => files.hosts ?? '',
    readResolvConf: async () => files.resolvConf ?? '',
    newResolver(timeoutMs) {
      const resolver = SYSTEM_NAMES.newResolver(timeoutMs)
      resolver.setServers([`127.0.0.1:${socket.address().port}`])
      return resolver
    }
  }
  return { names, questions }
}

/** The first question of a query, and where it ends. */
function readQuestion(query: Buffer): { name: string; type: 'A' | 'AAAA'; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const type = TYPES[query.readUInt16BE(at + 1)]
  if (type === undefined) throw new Error('asked for another type than A and AAAA')
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 }
}

/** The reply to a query: its bytes with flags, counts and records. */
function writeReply(question: Buffer, given: Exclude<NameAnswer, 'silence'>): Buffer {
  const header = Buffer.from(question)
  const addresses = typeof given === 'string' ? [] : given
  header.writeUInt16BE(0x8180 | (typeof given === 'string' ? RESPONSE_CODES[given] : 0), 2)
  header.writeUInt16BE(addresses.length, 6)
  header.writeUInt32BE(0, 8)
  const records = addresses.map(address => {
    const bytes = ipaddr.parse(address).toByteArray()
    const type = bytes.length === 4 ? 1 : 28
    // The name of the question, its type, class IN, to be kept for no time.
    return Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes])
  })
  return Buffer.concat([header, ...records])
}
