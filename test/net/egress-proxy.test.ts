import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'

import { readTlsFiles } from '../../service/net/tls-files.ts'
import { readSettings } from '../../service/read-settings.ts'
import { bothClients, problemOf } from '../support/both-clients.ts'
import { createAuthority } from '../support/create-authority.ts'
import { startNameServer } from '../support/start-name-server.ts'
import { startProxy } from '../support/start-proxy.ts'
import {
  closedPort,
  startSocketServer,
  startTlsUpstream,
  startUpstream
} from '../support/start-upstream.ts'
import { testEgress } from '../support/test-egress.ts'

test('EGRESS_PROXY makes all calls: https by a tunnel, http by itself; names are its to look up', async t => {
  const authority = createAuthority(t)
  const trust = { CA_FILE: authority.certFile }
  const secureContext = await readTlsFiles(readSettings(trust).settings)
  const server = authority.issue('DNS:api.example')
  const secure = new URL(await startTlsUpstream(t, server, (_, response) => response.end('secret')))
  const plain = new URL(
    await startUpstream(t, (request, response) =>
      response.end(`${request.url} ${request.headers.host}`)
    )
  )
  const { names, questions } = await startNameServer(t, () => 'unknown')
  const proxy = await startProxy(t)
  const environment = { EGRESS_ALLOW: '', EGRESS_PROXY: proxy.url }
  for (const { get } of bothClients(t, testEgress(environment, { names, secureContext }))) {
    assert.equal(await get(`https://api.example:${secure.port}/a`), 'secret')
    const host = `api.example:${plain.port}`
    assert.equal(await get(`http://${host}/b?c=d`), `/b?c=d ${host}`)
  }
  const each = [`CONNECT api.example:${secure.port}`, `GET http://api.example:${plain.port}/b?c=d`]
  assert.deepEqual(proxy.asked, [...each, ...each])
  assert.deepEqual(questions, [])
})

test('the user and password of EGRESS_PROXY go to the proxy, and to nobody else', async t => {
  const authority = createAuthority(t)
  const secureContext = await readTlsFiles(readSettings({ CA_FILE: authority.certFile }).settings)
  const seen: string[] = []
  const server = authority.issue('DNS:api.example')
  const secure = new URL(
    await startTlsUpstream(t, server, ({ headers }, response) => {
      seen.push(JSON.stringify(headers))
      response.end('text')
    })
  )
  const proxy = await startProxy(t)
  const EGRESS_PROXY = proxy.url.replace('//', '//agent:p%C3%A4ss@')
  for (const { get } of bothClients(t, testEgress({ EGRESS_PROXY }, { secureContext }))) {
    assert.equal(await get(`https://api.example:${secure.port}/`), 'text')
    const expected = `Basic ${Buffer.from('agent:päss').toString('base64')}`
    assert.equal(proxy.credential(), expected)
  }
  assert.equal(seen.length, 2)
  assert.ok(seen.every(headers => !headers.includes('proxy-authorization')))
})

test('A1 A5 what a URL says is refused before the proxy is asked', async t => {
  const proxy = await startProxy(t)
  const environment = {
    EGRESS_ALLOW: 'intern.example:22',
    EGRESS_DENY: 'bad.example',
    EGRESS_PROXY: proxy.url
  }
  for (const { get } of bothClients(t, testEgress(environment))) {
    for (const url of [
      'http://169.254.169.254/latest',
      'https://127.0.0.1/',
      'http://[::ffff:10.0.0.1]/',
      'http://localhost/',
      'https://bad.example/',
      'https://api.example:22/',
      'https://u:p@api.example/',
      'ftp://api.example/'
    ]) {
      assert.equal((await problemOf(get(url))).code, 'EGRESS_DENIED', url)
    }
  }
  assert.deepEqual(proxy.asked, [])
})

test('a proxy that refuses a tunnel, or is not there, makes the server unreachable', async t => {
  const refusing = await startProxy(t, 403)
  const cases = [
    [refusing.url, 'the proxy made no connection'],
    [`http://${await closedPort()}`, 'the connection was refused (ECONNREFUSED)']
  ] as const
  for (const [EGRESS_PROXY, reason] of cases) {
    for (const { kind, get } of bothClients(t, testEgress({ EGRESS_PROXY }))) {
      const { code, message } = await problemOf(get('https://api.example/'))
      assert.equal(code, kind === 'data' ? 'UPSTREAM_UNREACHABLE' : 'DOCUMENT_UNREACHABLE')
      assert.ok(message.includes(reason), message)
    }
  }
})

test('a proxy that does not know the caller is named as what made no connection', async t => {
  const proxy = await startProxy(t, 407)
  const [data, document] = bothClients(t, testEgress({ EGRESS_PROXY: proxy.url }))
  for (const url of ['http://api.example/', 'https://api.example/']) {
    assert.match((await problemOf(data.get(url))).message, /the proxy made no connection/)
  }
  const { message } = await problemOf(document.get('https://api.example/'))
  assert.match(message, /the proxy made no connection/)
})

test('a proxy that never answers makes no connection within CONNECT_TIMEOUT_MS', {
  timeout: 60_000
}, async t => {
  const closed: Promise<unknown>[] = []
  const host = await startSocketServer(t, socket => closed.push(once(socket.resume(), 'close')))
  for (const { get } of bothClients(t, testEgress({ EGRESS_PROXY: `http://${host}` }), 200)) {
    const { message } = await problemOf(get('https://api.example/'))
    assert.match(message, /the proxy made no connection/)
  }
  assert.equal(closed.length, 2)
  await Promise.all(closed)
})

test('an answer through the proxy is bounded as any other', async t => {
  const plain = new URL(await startUpstream(t, (_, response) => response.end('x'.repeat(10_001))))
  const proxy = await startProxy(t)
  for (const { kind, get } of bothClients(t, testEgress({ EGRESS_PROXY: proxy.url }))) {
    const { code } = await problemOf(get(`http://api.example:${plain.port}/`))
    assert.equal(code, kind === 'data' ? 'UPSTREAM_TOO_LARGE' : 'DOCUMENT_TOO_LARGE')
  }
})

for (const malformed of [
  'socks5://proxy.example:1080',
  'https://proxy.example',
  'proxy.example:3128',
  'http://proxy.example:99999',
  'http://s3cret@',
  'http://agent:100%@proxy.example',
  'http://proxy.example/path'
]) {
  test(`EGRESS_PROXY=${malformed} stops the start, without showing what may be a password`, () => {
    assert.throws(
      () => testEgress({ EGRESS_PROXY: malformed }),
      /^SettingsError: EGRESS_PROXY is malformed; allowed is the http URL of a proxy, such as /
    )
  })
}
