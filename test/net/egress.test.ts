import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, globalAgent } from 'node:http'
import type { Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { test } from 'node:test'

import { bothClients, problemOf } from '../support/both-clients.ts'
import { startNameServer } from '../support/start-name-server.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { testEgress } from '../support/test-egress.ts'

/** Starts a server at an address, or all of this machine, and counts who connects. */
async function startCounting(
  t: TestContext,
  at: { readonly host?: string; readonly port?: number } = {}
): Promise<{ readonly port: number; connections(): number }> {
  let count = 0
  const server = createServer((_, response) => {
    response.writeHead(200, { connection: 'close' }).end(at.host)
  })
  server.on('connection', () => count++)
  t.after(() => server.close())
  server.listen({ port: 0, ...at })
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return { port: address.port, connections: () => count }
}

/** Ways to write an address that may not be called; those of this machine first. */
const SPELLINGS = [
  '127.0.0.1',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '127.1',
  '127.0.0.1.',
  '①②⑦.⓪.⓪.①',
  '%31%32%37.0.0.1',
  '127.255.255.254',
  '0',
  '0.0.0.0',
  'localhost',
  'LOCALHOST.',
  'app.localhost',
  'internal.example',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::1]',
  '[fec0::1]',
  '[fd00:ec2::254]',
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  '10.0.0.1',
  '192.168.0.1'
]

test('A1 no spelling of a private address is connected to, and all are refused in the same words', async t => {
  const { names } = await startNameServer(t, () => ['127.0.0.1'])
  const { port, connections } = await startCounting(t)
  for (const { get } of bothClients(t, testEgress({ EGRESS_ALLOW: '' }, { names }))) {
    for (const spelling of SPELLINGS) {
      for (const scheme of ['http', 'https']) {
        const url = `${scheme}://${spelling}:${port}/`
        const { code, status, message, remedy } = await problemOf(get(url))
        const { host } = new URL(url)
        assert.deepEqual([code, status], ['EGRESS_DENIED', 403], url)
        assert.equal(message, `${host} may not be called`)
        assert.match(remedy, /EGRESS_ALLOW/)
      }
    }
  }
  assert.equal(connections(), 0)
})

test('A1 what EGRESS_ALLOW names is called, by the address or by the name of the file of hosts', async t => {
  const base = await startUpstream(t, (_, response) => response.end('text'))
  const { port } = new URL(base)
  const { names } = await startNameServer(t, () => 'unknown', {
    hosts: '127.0.0.1 localhost api'
  })
  for (const [allow, host] of [
    ['127.0.0.0/8', '127.0.0.1'],
    ['127.0.0.1', 'localhost'],
    [`localhost:${port}`, 'localhost'],
    ['127.0.0.1', 'api'],
    ['api', 'API']
  ] as const) {
    for (const { get } of bothClients(t, testEgress({ EGRESS_ALLOW: allow }, { names }))) {
      assert.equal(await get(`http://${host}:${port}/`), 'text')
    }
  }
})

test('V10 H19 a short name that EGRESS_ALLOW names is called in a search domain, and no other one is', async t => {
  const base = await startUpstream(t, ({ headers }, response) => response.end(headers.host))
  const { port } = new URL(base)
  const { names, questions } = await startNameServer(
    t,
    (type, name) => (type === 'A' && name.endsWith('.cluster.local') ? ['127.0.0.1'] : 'unknown'),
    { resolvConf: 'search other.example shop.svc.cluster.local\n' }
  )
  const egress = testEgress({ EGRESS_ALLOW: `orders:${port}, payments.shop, 127.0.0.1` }, { names })
  for (const { get } of bothClients(t, egress)) {
    for (const host of ['orders', 'payments.shop']) {
      assert.equal(await get(`http://${host}:${port}/`), `${host}:${port}`)
    }
    for (const [host, code] of [
      ['stock', /^EGRESS_DENIED$/],
      ['stock.shop', /_UNREACHABLE$/],
      ['orders.', /_UNREACHABLE$/],
      ['shop', /^EGRESS_DENIED$/]
    ] as const) {
      assert.match((await problemOf(get(`http://${host}:${port}/`))).code, code, host)
    }
  }
  assert.deepEqual(
    questions.filter(question => / (stock|shop)/.test(question) && question.includes('cluster')),
    []
  )
})

test('V12 EGRESS_ALLOW=localhost calls this machine by name and address, and no name that leads to it', async t => {
  const base = await startUpstream(t, (_, response) => response.end('text'))
  const { port } = new URL(base)
  const { names } = await startNameServer(t, () => ['127.0.0.1'])
  for (const allow of ['localhost', `localhost:${port}`]) {
    for (const { get } of bothClients(t, testEgress({ EGRESS_ALLOW: allow }, { names }))) {
      for (const host of ['localhost', '127.0.0.1', '127.1']) {
        assert.equal(await get(`http://${host}:${port}/`), 'text')
      }
      const refused = await problemOf(get(`http://evil.example:${port}/`))
      assert.equal(refused.code, 'EGRESS_DENIED')
    }
  }
})

test('A2 the address that is checked is the one that is called, however a name is answered next', async t => {
  for (const index of [0, 1] as const) {
    const open = await startCounting(t, { host: '127.0.0.2' })
    const inside = await startCounting(t, { host: '127.0.0.1', port: open.port })
    const answers = ['127.0.0.2', '127.0.0.1']
    let looked = 0
    const { names, questions } = await startNameServer(t, type =>
      type === 'A' ? [answers[looked++] ?? '127.0.0.1'] : []
    )
    const egress = testEgress({ EGRESS_ALLOW: '127.0.0.2' }, { names })
    const client = bothClients(t, egress)[index]
    const url = `http://rebinding.example:${open.port}/`
    assert.equal(await client.get(url), '127.0.0.2')
    assert.deepEqual(questions.toSorted(), ['A rebinding.example', 'AAAA rebinding.example'])
    assert.equal((await problemOf(client.get(url))).code, 'EGRESS_DENIED')
    assert.equal(looked, 2)
    assert.deepEqual([open.connections(), inside.connections()], [1, 0])
  }
})

for (const [name, four, six] of [
  ['a public and a private address', ['8.8.8.8', '127.0.0.1'], []],
  ['an allowed and a private address', ['127.0.0.2', '127.0.0.1'], []],
  ['an allowed address, and a private one of the other kind', ['127.0.0.2'], ['::1']],
  ['a public address, and one that wraps a private one', ['8.8.8.8'], ['64:ff9b::7f00:1']]
] as const) {
  test(`A2 a name with ${name} is not called at all`, async t => {
    const { port, connections } = await startCounting(t)
    const { names } = await startNameServer(t, type => (type === 'A' ? four : six))
    for (const { get } of bothClients(t, testEgress({ EGRESS_ALLOW: '127.0.0.2' }, { names }))) {
      const { code, message } = await problemOf(get(`http://mixed.example:${port}/`))
      assert.equal(code, 'EGRESS_DENIED')
      assert.equal(message, `mixed.example:${port} may not be called`)
    }
    assert.equal(connections(), 0)
  })
}

test('A3 a call never reuses a connection that another policy permitted', async t => {
  const sockets = new Set<Socket>()
  const base = await startUpstream(t, (request, response) => {
    sockets.add(request.socket)
    response.end('text')
  })
  // An idle connection of the agent that everybody shares, and one of each client of another policy.
  const [response] = await once(get(base, { agent: globalAgent }), 'response')
  await response.resume().toArray()
  t.after(() => globalAgent.destroy())
  for (const { get: open } of bothClients(t, testEgress())) assert.equal(await open(base), 'text')
  assert.equal(sockets.size, 3)

  for (const { get: strict } of bothClients(t, testEgress({ EGRESS_ALLOW: '' }))) {
    assert.equal((await problemOf(strict(base))).code, 'EGRESS_DENIED')
  }
  for (const { get: other } of bothClients(t, testEgress())) assert.equal(await other(base), 'text')
  assert.equal(sockets.size, 5)
})

test('A5 other schemes, user information and ports of services are refused without a connection', async t => {
  const { port, connections } = await startCounting(t)
  for (const { kind, get } of bothClients(t, testEgress())) {
    for (const url of [
      `ftp://127.0.0.1:${port}/`,
      `ws://127.0.0.1:${port}/`,
      `gopher://127.0.0.1:${port}/`,
      'file:///etc/passwd',
      'data:text/plain,a',
      'unix:/var/run/docker.sock:/info',
      `http://u:s3cret@127.0.0.1:${port}/`,
      'http://127.0.0.1:22/',
      'http://127.0.0.1:6379/'
    ]) {
      const { code, message } = await problemOf(get(url))
      assert.equal(code, 'EGRESS_DENIED', `${kind} ${url}`)
      assert.doesNotMatch(message, /s3cret/)
    }
  }
  assert.equal(connections(), 0)
})

test('A5 permission of an origin is not permission of a URL with user information', async t => {
  const base = await startUpstream(t, (_, response) => response.end('text'))
  for (const { get } of bothClients(t, testEgress())) {
    assert.equal(await get(base), 'text')
    const withUser = base.replace('//', '//u:p@')
    assert.equal((await problemOf(get(withUser))).code, 'EGRESS_DENIED')
  }
})

test('R24 a name that no server answers for is DNS_TIMEOUT, an unknown or failing one is unreachable', async t => {
  const { names } = await startNameServer(t, (_, name) =>
    name === 'silent.example' ? 'silence' : name === 'none.example' ? 'unknown' : 'failure'
  )
  for (const { get } of bothClients(t, testEgress({}, { names }), 1_000)) {
    const late = await problemOf(get('https://silent.example/'))
    assert.deepEqual([late.code, late.status], ['DNS_TIMEOUT', 504])
    assert.equal(late.message, 'no name server resolved silent.example in time')
  }
  for (const { kind, get } of bothClients(t, testEgress({}, { names }))) {
    const unreachable = kind === 'data' ? 'UPSTREAM_UNREACHABLE' : 'DOCUMENT_UNREACHABLE'
    for (const [host, reason] of [
      ['none.example', 'the name is not known (ENOTFOUND)'],
      ['failing.example', 'the name could not be looked up (EAI_AGAIN)']
    ] as const) {
      const { code, message } = await problemOf(get(`https://${host}/`))
      assert.equal(code, unreachable)
      assert.ok(message.endsWith(reason), message)
    }
  }
})

for (const names of [
  ['intranet', 'vault'],
  ['db.local', 'cache.local'],
  ['api.shop.svc.cluster.local', 'web.shop.svc.cluster.local'],
  ['kube-dns.kube-system.svc', 'none.kube-system.svc'],
  ['metadata.google.internal', 'nothing.google.internal'],
  ['nas.lan', 'tv.lan'],
  ['router.home.arpa', 'nobody.home.arpa']
] as const) {
  test(`H19 ${names.join(' and ')} are refused in the same words, one known and one unknown`, async t => {
    const [known, unknown] = names
    const { names: sources } = await startNameServer(t, (_, name) =>
      name === known ? ['10.0.0.7'] : 'unknown'
    )
    const failing = await startNameServer(t, (_, name) => (name === known ? 'failure' : 'unknown'))
    for (const given of [sources, failing.names]) {
      for (const { get } of bothClients(
        t,
        testEgress({ EGRESS_ALLOW: '' }, { names: given }),
        400
      )) {
        const told: object[] = []
        for (const host of [known, unknown]) {
          const { code, status, message, remedy } = await problemOf(get(`https://${host}/a`))
          told.push({ code, status, text: `${message} ${remedy}`.replaceAll(host, 'HOST') })
        }
        assert.deepEqual(told[0], told[1])
      }
    }
  })
}

test('H19 names of the internet, and those that EGRESS_ALLOW has, keep their words', async t => {
  const { names } = await startNameServer(t, () => 'unknown')
  for (const { get } of bothClients(t, testEgress({ EGRESS_ALLOW: 'orders,*.local' }, { names }))) {
    for (const host of ['api.example.com', 'orders', 'db.local', 'internal.example']) {
      assert.match((await problemOf(get(`https://${host}/`))).message, /the name is not known/)
    }
  }
})
