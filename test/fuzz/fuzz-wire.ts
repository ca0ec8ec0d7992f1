import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'

import fc from 'fast-check'

import { readAll, readAnswers } from '../support/raw-request.ts'
import { checkAnswer } from './check-answer.ts'
import { DOOR_TOKEN, type FuzzTarget } from './fuzz-target.ts'
import type { FuzzBounds, Outcomes } from './fuzz-routes.ts'

const BODY = '{"objectDataType": {"developerName": "Weather"}, "configurationValues": []}'

const HEADERS = `Host: x\r\nContent-Type: application/json\r\n`

/** Requests as they go over the wire, on which the damage is done. */
const REQUESTS = [
  `GET /health HTTP/1.1\r\nHost: x\r\n\r\n`,
  `GET /k/${DOOR_TOKEN}/metadata HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  `POST /k/${DOOR_TOKEN}/data HTTP/1.1\r\n${HEADERS}Content-Length: ${BODY.length}\r\n\r\n${BODY}`,
  `PUT /k/${DOOR_TOKEN}/data HTTP/1.1\r\n${HEADERS}Transfer-Encoding: chunked\r\n\r\n${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`,
  `POST /data HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}`
]

/** Pieces that mean something to whoever reads HTTP. */
const piece = fc.oneof(
  fc.constantFrom(
    '\r\n',
    '\n',
    '\r\n\r\n',
    '\0',
    ':',
    ' ',
    'Content-Length: 5\r\n',
    'Content-Length: 99999999999999999999\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: gzip, chunked\r\n',
    'Connection: upgrade\r\nUpgrade: websocket\r\n',
    'Expect: nonsense\r\n',
    'Trailer: x\r\n',
    '0\r\n\r\n',
    'ffffffffffffffff\r\n',
    'HTTP/2.0',
    'CONNECT ',
    '\xff\xfe'
  ),
  fc.uint8Array({ maxLength: 12 }).map(bytes => Buffer.from(bytes).toString('latin1'))
)

const damage = fc.record({
  kind: fc.constantFrom('insert', 'overwrite', 'cut', 'repeat'),
  at: fc.nat(),
  piece
})

/** One or more requests, one after another on one line, damaged at some places. */
const wire = fc
  .tuple(
    fc.array(fc.constantFrom(...REQUESTS), { minLength: 1, maxLength: 3 }),
    fc.array(damage, { maxLength: 4 })
  )
  .map(([requests, damages]) =>
    damages.reduce((text, { kind, at, piece: by }) => {
      const place = at % (text.length + 1)
      const [before, after] = [text.slice(0, place), text.slice(place)]
      if (kind === 'insert') return before + by + after
      if (kind === 'overwrite') return before + by + after.slice(by.length)
      return kind === 'cut' ? before : text + after
    }, requests.join(''))
  )

/**
 * Sends bytes that are nearly HTTP, and asserts that the service answers them with answers of its own or
 * ends the line, and goes on.
 *
 * @returns How often there was no answer, a status 200, or each code of a problem.
 */
export async function fuzzWire(target: FuzzTarget, bounds: FuzzBounds): Promise<Outcomes> {
  const outcomes: Outcomes = {}
  const { hostname, port } = new URL(target.url)
  const property = fc.asyncProperty(wire, async text => {
    const logged = target.log.length
    const socket = connect({ port: Number(port), host: hostname })
    socket.on('error', () => {})
    await once(socket, 'connect')
    const all = readAll(socket)
    socket.end(text, 'latin1')
    const answers = readAnswers(await all)
    for (const answer of answers) {
      const outcome = checkAnswer(answer, target.routes, false)
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
    if (answers.length === 0) outcomes.none = (outcomes.none ?? 0) + 1
    const failed = target.log.slice(logged).filter(line => JSON.parse(line).level > 40)
    assert.deepEqual(failed, [])
    assert.equal((await fetch(`${target.url}/health`)).status, 200)
  })
  await fc.assert(property, {
    seed: bounds.seed,
    numRuns: bounds.runs,
    interruptAfterTimeLimit: bounds.milliseconds
  })
  return outcomes
}
