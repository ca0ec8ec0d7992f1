import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerOptions } from 'node:https'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { TLSSocket } from 'node:tls'

import { readTlsFiles } from '../../service/net/tls-files.ts'
import { readSettings } from '../../service/read-settings.ts'
import { SettingsError } from '../../service/settings.ts'
import type { TestClient } from '../support/both-clients.ts'
import { bothClients, problemOf } from '../support/both-clients.ts'
import { createAuthority } from '../support/create-authority.ts'
import { SELF_SIGNED, startTlsUpstream } from '../support/start-upstream.ts'
import { testEgress } from '../support/test-egress.ts'

type Environment = { readonly [name: string]: string }

/** Both clients under the TLS files that an environment names. */
async function clients(t: TestContext, environment: Environment = {}) {
  const secureContext = await readTlsFiles(readSettings(environment).settings)
  return bothClients(t, testEgress(environment, { secureContext }))
}

/** Checks that a server is refused before anything was sent to it, with a reason. */
async function refuses({ kind, get }: TestClient, url: string, reason: string): Promise<void> {
  const { code, status, message } = await problemOf(get(url))
  assert.equal(code, kind === 'data' ? 'UPSTREAM_TLS' : 'DOCUMENT_UNREACHABLE', message)
  assert.equal(status, 502)
  assert.ok(message.includes(`: ${reason} (`), message)
}

test('A11 CA_FILE adds to whom is trusted; without it the issuer is not known', async t => {
  const authority = createAuthority(t)
  const server = authority.issue('IP:127.0.0.1')
  let requests = 0
  const url = await startTlsUpstream(t, server, (_, response) => {
    requests++
    response.end('text')
  })
  for (const { get } of await clients(t, { CA_FILE: authority.certFile })) {
    assert.equal(await get(url), 'text')
  }
  for (const client of await clients(t)) {
    await refuses(client, url, 'the issuer of its certificate is not trusted')
  }
  assert.equal(requests, 2)
})

test('A11 CA_FILE may hold several certificates, with words between them', async t => {
  const [one, two] = [createAuthority(t), createAuthority(t)]
  const file = writeTemporary(t, `first\n${one.cert}\nsecond\n${two.cert}`)
  for (const authority of [one, two]) {
    const server = authority.issue('IP:127.0.0.1')
    const url = await startTlsUpstream(t, server, (_, response) => response.end('text'))
    for (const { get } of await clients(t, { CA_FILE: file })) assert.equal(await get(url), 'text')
  }
})

test('R25 an expired, foreign, self-signed or unknown certificate is refused, and nothing is sent', async t => {
  const authority = createAuthority(t)
  let requests = 0
  const start = (pair: { cert: string; key: string }) =>
    startTlsUpstream(t, pair, (_, response) => {
      requests++
      response.end('text')
    })
  const selfSigned = { cert: SELF_SIGNED, key: SELF_SIGNED }
  const cases = [
    [authority.issue('IP:127.0.0.1', { expired: true }), 'its certificate has expired'],
    [authority.issue('DNS:other.example'), 'its certificate is for another name'],
    [selfSigned, 'its certificate is self-signed'],
    [createAuthority(t).issue('IP:127.0.0.1'), 'the issuer of its certificate is not trusted']
  ] as const
  for (const [pair, reason] of cases) {
    const url = await start(pair)
    for (const client of await clients(t, { CA_FILE: authority.certFile })) {
      await refuses(client, url, reason)
    }
  }
  assert.equal(requests, 0)
})

test('R25 no variable of the environment makes a certificate pass', async t => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  t.after(() => delete process.env.NODE_TLS_REJECT_UNAUTHORIZED)
  const server = createAuthority(t).issue('IP:127.0.0.1')
  const url = await startTlsUpstream(t, server, (_, response) => response.end('text'))
  for (const client of await clients(t)) {
    await refuses(client, url, 'the issuer of its certificate is not trusted')
  }
})

test('R25 a server that speaks TLS 1.1 at the most is refused', async t => {
  const authority = createAuthority(t)
  const options: ServerOptions = {
    ...authority.issue('IP:127.0.0.1'),
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0'
  }
  const url = await startTlsUpstream(t, options, (_, response) => response.end('text'))
  for (const client of await clients(t, { CA_FILE: authority.certFile })) {
    await refuses(client, url, 'it does not support TLS 1.2 or newer')
  }
})

/** Whose certificate a request came with; blank for none. */
function callerOf(socket: Socket): string {
  assert.ok(socket instanceof TLSSocket)
  return socket.getPeerCertificate().subjectaltname ?? ''
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
  test(`F20 the client certificate is shown to a server that asks for it, by ${version}`, async t => {
    const authority = createAuthority(t)
    const client = authority.issue('DNS:connector.example')
    const callers: string[] = []
    const options: ServerOptions = {
      ...authority.issue('IP:127.0.0.1'),
      ca: authority.cert,
      requestCert: true,
      maxVersion: version
    }
    const url = await startTlsUpstream(t, options, ({ socket }, response) => {
      callers.push(callerOf(socket))
      response.end('text')
    })
    const trust = { CA_FILE: authority.certFile }
    const identity = { CLIENT_CERT_FILE: client.certFile, CLIENT_KEY_FILE: client.keyFile }
    for (const { get } of await clients(t, { ...trust, ...identity })) {
      assert.equal(await get(url), 'text')
    }
    assert.deepEqual(callers, ['DNS:connector.example', 'DNS:connector.example'])

    const missing = {
      'TLSv1.2': 'it refused the handshake, perhaps because it needs a client certificate',
      'TLSv1.3': 'it asks for a client certificate'
    }
    for (const client of await clients(t, trust)) await refuses(client, url, missing[version])
    assert.equal(callers.length, 2)
  })
}

function writeTemporary(t: TestContext, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'file.pem')
  writeFileSync(file, text)
  return file
}

test('a file that cannot be read or used stops the start with its setting, path and what is allowed', async t => {
  const authority = createAuthority(t)
  const [one, two] = [authority.issue('DNS:one.example'), authority.issue('DNS:two.example')]
  const broken = writeTemporary(t, authority.cert.replace(/[A-Za-z]{20}/, 'AAAAAAAAAAAAAAAAAAAA'))
  const text = writeTemporary(t, 'no certificate')
  const rows: readonly (readonly [Environment, message: string])[] = [
    [{ CA_FILE: '/no/such.pem' }, 'CA_FILE is "/no/such.pem"; allowed is a file that can be read'],
    [{ CA_FILE: tmpdir() }, `CA_FILE is "${tmpdir()}"; allowed is a file that can be read`],
    [{ CA_FILE: text }, `CA_FILE is "${text}"; allowed is a file of certificates in PEM`],
    [{ CA_FILE: broken }, `CA_FILE is "${broken}"; allowed is a file of certificates in PEM`],
    [
      { CLIENT_CERT_FILE: text, CLIENT_KEY_FILE: one.keyFile },
      `CLIENT_CERT_FILE is "${text}"; allowed is a file of certificates in PEM`
    ],
    [
      { CLIENT_CERT_FILE: one.certFile, CLIENT_KEY_FILE: text },
      `CLIENT_KEY_FILE is "${text}"; allowed is a private key in PEM, not encrypted`
    ],
    [
      { CLIENT_CERT_FILE: one.certFile, CLIENT_KEY_FILE: two.keyFile },
      `CLIENT_KEY_FILE is "${two.keyFile}"; allowed is the key of the first certificate of CLIENT_CERT_FILE`
    ],
    [
      { CLIENT_CERT_FILE: one.certFile },
      'CLIENT_CERT_FILE is set without CLIENT_KEY_FILE; allowed are both or none'
    ],
    [
      { CLIENT_KEY_FILE: one.keyFile },
      'CLIENT_KEY_FILE is set without CLIENT_CERT_FILE; allowed are both or none'
    ]
  ]
  for (const [environment, message] of rows) {
    await assert.rejects(
      readTlsFiles(readSettings(environment).settings),
      error => error instanceof SettingsError && error.message === message,
      message
    )
  }
})
