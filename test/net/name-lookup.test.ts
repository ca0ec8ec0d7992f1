import assert from 'node:assert/strict'
import { getServers, lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

import { createNameLookup, NameLookupError, SYSTEM_NAMES } from '../../service/net/name-lookup.ts'
import type { NameAnswer } from '../support/start-name-server.ts'
import { startNameServer } from '../support/start-name-server.ts'

const LIMIT_MS = 5_000

function fails(looking: Promise<unknown>, code: NameLookupError['code']): Promise<void> {
  return assert.rejects(looking, error => error instanceof NameLookupError && error.code === code)
}

test('a name has the addresses that the name server knows of it, of both kinds', async t => {
  const known: { readonly [question: string]: NameAnswer } = {
    'A both.example': ['8.8.8.8', '8.8.4.4'],
    'AAAA both.example': ['2606:4700::1'],
    'A four.example': ['8.8.8.8'],
    'AAAA four.example': [],
    'A six.example': 'unknown',
    'AAAA six.example': ['2606:4700::1'],
    'A half.example': ['8.8.8.8'],
    'AAAA half.example': 'failure'
  }
  const { names } = await startNameServer(t, (type, name) => known[`${type} ${name}`] ?? 'unknown')
  const lookUp = createNameLookup(LIMIT_MS, names)
  assert.deepEqual(await lookUp('both.example'), ['8.8.8.8', '8.8.4.4', '2606:4700::1'])
  assert.deepEqual(await lookUp('FOUR.example.'), ['8.8.8.8'])
  assert.deepEqual(await lookUp('six.example'), ['2606:4700::1'])
  assert.deepEqual(await lookUp('half.example'), ['8.8.8.8'])
})

test('a name without addresses is not known, and a server that fails says nothing about it', async t => {
  const { names } = await startNameServer(t, (_, name) =>
    name === 'empty.example' ? [] : name === 'none.example' ? 'unknown' : 'failure'
  )
  const lookUp = createNameLookup(LIMIT_MS, names)
  await fails(lookUp('none.example'), 'ENOTFOUND')
  await fails(lookUp('empty.example'), 'ENOTFOUND')
  await fails(lookUp(`${'x'.repeat(64)}.example`), 'ENOTFOUND')
  await fails(lookUp('failing.example'), 'EAI_AGAIN')
})

test('names in the hosts file have its addresses, and no name server is asked', async t => {
  const hosts = `
# 10.0.0.1 commented
127.0.0.1	localhost
::1		localhost ip6-localhost
172.17.0.3  api  api.internal # the container
172.17.0.4  API
not-an-address broken
`
  const { names, questions } = await startNameServer(t, () => 'unknown', { hosts })
  const lookUp = createNameLookup(LIMIT_MS, names)
  assert.deepEqual(await lookUp('localhost'), ['127.0.0.1', '::1'])
  assert.deepEqual(await lookUp('api'), ['172.17.0.3', '172.17.0.4'])
  assert.deepEqual(await lookUp('Api.Internal.'), ['172.17.0.3'])
  assert.deepEqual(questions, [])
  await fails(lookUp('commented'), 'ENOTFOUND')
  await fails(lookUp('broken'), 'ENOTFOUND')
})

test('localhost is this machine, whatever a name server says', async t => {
  const { names, questions } = await startNameServer(t, () => ['8.8.8.8'])
  const lookUp = createNameLookup(LIMIT_MS, names)
  assert.deepEqual(await lookUp('localhost'), ['127.0.0.1', '::1'])
  assert.deepEqual(await lookUp('app.localhost.'), ['127.0.0.1', '::1'])
  assert.deepEqual(questions, [])
})

const RESOLV_CONF = `
# search commented.example
nameserver 10.96.0.10
domain first.example
search shop.svc.cluster.local svc.cluster.local. .
options ndots:5
`

test('V10 a name that is searched is found in a search domain, after it was asked for as it stands', async t => {
  const known: { readonly [question: string]: NameAnswer } = {
    'A orders.svc.cluster.local': ['10.0.0.1'],
    'A orders.shop.svc.cluster.local': ['10.0.0.2'],
    'A known': ['10.0.0.3'],
    'A known.shop.svc.cluster.local': ['10.0.0.4'],
    'A half': 'failure',
    'A half.svc.cluster.local': ['10.0.0.5']
  }
  const { names, questions } = await startNameServer(
    t,
    (type, name) => known[`${type} ${name}`] ?? 'unknown',
    { resolvConf: RESOLV_CONF }
  )
  const lookUp = createNameLookup(LIMIT_MS, names)
  assert.deepEqual(await lookUp('orders', true), ['10.0.0.2'])
  // A name with a dot, of which the second domain is the right one.
  assert.deepEqual(await lookUp('orders.shop', true), ['10.0.0.2'])
  assert.deepEqual(await lookUp('known', true), ['10.0.0.3'])
  assert.deepEqual(await lookUp('half', true), ['10.0.0.5'])
  assert.deepEqual(
    questions.filter(question => /^A orders/.test(question)),
    [
      'A orders',
      'A orders.shop.svc.cluster.local',
      'A orders.shop',
      'A orders.shop.shop.svc.cluster.local',
      'A orders.shop.svc.cluster.local'
    ]
  )
  await fails(lookUp('none', true), 'ENOTFOUND')
})

test('V10 a name that is not searched, or ends with a dot, is asked for as it stands', async t => {
  const { names, questions } = await startNameServer(t, () => 'unknown', {
    resolvConf: RESOLV_CONF
  })
  const lookUp = createNameLookup(LIMIT_MS, names)
  await fails(lookUp('orders'), 'ENOTFOUND')
  await fails(lookUp('orders.', true), 'ENOTFOUND')
  await fails(lookUp('orders.shop.', true), 'ENOTFOUND')
  assert.deepEqual([...new Set(questions)].toSorted(), [
    'A orders',
    'A orders.shop',
    'AAAA orders',
    'AAAA orders.shop'
  ])
})

test('V10 R24 all questions about a name that is searched have one time', async t => {
  const { names, questions } = await startNameServer(t, () => 'silence', {
    resolvConf: RESOLV_CONF
  })
  await fails(createNameLookup(100, names)('orders', true), 'ETIMEOUT')
  assert.ok(
    questions.every(question => question.endsWith(' orders')),
    questions.join()
  )
})

test('the names of this machine are those of its file of hosts and of its name servers', async () => {
  assert.equal(await SYSTEM_NAMES.readHosts(), await readFile('/etc/hosts', 'utf8'))
  assert.equal(await SYSTEM_NAMES.readResolvConf(), await readFile('/etc/resolv.conf', 'utf8'))
  assert.deepEqual(SYSTEM_NAMES.newResolver(100).getServers(), getServers())
})

test('R24 a name server that is silent ends a look-up, and none of the threads waits for it', {
  timeout: 60_000
}, async t => {
  const { names, questions } = await startNameServer(t, (type, name) =>
    name !== 'good.example' ? 'silence' : type === 'A' ? ['8.8.8.8'] : []
  )
  let ended = 0
  const slow = createNameLookup(3_000, names)
  const looking = Array.from({ length: 50 }, (_, index) =>
    fails(slow(`silent-${index}.example`), 'ETIMEOUT').then(() => {
      ended++
    })
  )
  // What needs threads, and other names, are served while all of them wait.
  await readFile('package.json')
  await lookup('localhost')
  assert.deepEqual(await slow('good.example'), ['8.8.8.8'])
  assert.equal(ended, 0)
  assert.ok(questions.length >= 100)
  await Promise.all(looking)
})

test('R24 what is known when the time is over is used', async t => {
  const { names } = await startNameServer(t, type => (type === 'A' ? ['8.8.8.8'] : 'silence'))
  assert.deepEqual(await createNameLookup(2_000, names)('half.example'), ['8.8.8.8'])
})

test('R24 a name server that is not there is as good as one that fails', async () => {
  const names = {
    readHosts: async () => '',
    readResolvConf: async () => '',
    newResolver(timeoutMs: number) {
      const resolver = SYSTEM_NAMES.newResolver(timeoutMs)
      // Nobody listens at the discard port.
      resolver.setServers(['127.0.0.1:9'])
      return resolver
    }
  }
  await fails(createNameLookup(LIMIT_MS, names)('api.example'), 'EAI_AGAIN')
})
