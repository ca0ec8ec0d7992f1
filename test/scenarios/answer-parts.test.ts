import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'

import { found, refusal, startConnector } from '../support/start-connector.ts'
import { startSocketServer } from '../support/start-upstream.ts'

const DOCUMENT = `openapi: 3.0.3
info: {title: Notes, version: '1'}
paths: {/notes: {get: {responses: {'200': {description: ok}}}}}
components:
  schemas:
    Note: {type: object, properties: {id: {type: string}}, x-flow-type: {name: Note}, x-flow-query: {path: /notes}}
`
const CHUNKED =
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'

/** What an answer begins with, and what it goes on with for ever. */
const ENDLESS: { readonly [what: string]: readonly [start: string, piece: string] } = {
  'interim responses': [
    '',
    'HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n'.repeat(50)
  ],
  'interim responses without headers': ['', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(50)],
  'chunks of one byte': [CHUNKED, '1\r\n \r\n'.repeat(1_000)],
  'chunks with long extensions': [CHUNKED, `1;${'e'.repeat(500)}\r\n \r\n`.repeat(50)]
}

/** Writes for as long as somebody reads. */
function writeOn(socket: Socket, piece: string): void {
  if (socket.destroyed) return
  if (socket.write(piece)) setImmediate(writeOn, socket, piece)
  else socket.once('drain', () => writeOn(socket, piece))
}

for (const [what, [start, piece]] of Object.entries(ENDLESS)) {
  // Documents are fetched seldom, and each in time that is bounded.
  const senders = start === '' ? (['an API', 'a document'] as const) : (['an API'] as const)
  for (const sender of senders) {
    test(`H2 an answer of ${sender} that goes on with ${what} is given up before its time is over`, {
      timeout: 120_000
    }, async t => {
      const host = await startSocketServer(t, socket => {
        socket.on('error', () => {})
        socket.once('data', bytes => {
          const isDocument = bytes.toString('latin1').startsWith('GET /doc.yaml ')
          if (isDocument && sender === 'an API') {
            socket.end(
              `HTTP/1.1 200 OK\r\ncontent-length: ${DOCUMENT.length}\r\nconnection: close\r\n\r\n${DOCUMENT}`
            )
            return
          }
          socket.write(start)
          writeOn(socket, piece)
        })
      })
      const settings = { UPSTREAM_TIMEOUT_MS: '100000', FLOW_TIMEOUT_MS: '110000' }
      const connector = await startConnector(
        t,
        { 'Schema URL': `http://${host}/doc.yaml` },
        settings
      )
      const answer = await connector.load('Note')
      const code = sender === 'an API' ? 'UPSTREAM_PROTOCOL' : 'DOCUMENT_UNREACHABLE'
      assert.deepEqual(refusal(answer), [code, 502])
      assert.match(answer.text, /comes in too many parts/)
    })
  }
}

test('H2 an answer in 19,000 chunks, and one of 12 MB in pieces as a network cuts them, are read', async t => {
  const bodies = [
    ['[', ...Array.from({ length: 18_998 }, () => ' '), ']'],
    ['[', ...Array.from({ length: 25_000 }, () => ' '.repeat(512)), ']']
  ]
  const host = await startSocketServer(t, socket => {
    socket.on('error', () => {})
    socket.once('data', bytes => {
      const isDocument = bytes.toString('latin1').startsWith('GET /doc.yaml ')
      const chunks = (isDocument ? [DOCUMENT] : (bodies.shift() ?? []))
        .map(text => `${text.length.toString(16)}\r\n${text}\r\n`)
        .join('')
      socket.end(`${CHUNKED.replace('\r\n', '\r\nconnection: close\r\n')}${chunks}0\r\n\r\n`)
    })
  })
  const connector = await startConnector(t, { 'Schema URL': `http://${host}/doc.yaml` })
  assert.deepEqual(found(await connector.load('Note')), [])
  assert.deepEqual(found(await connector.load('Note')), [])
})
