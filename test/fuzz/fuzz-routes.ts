import assert from 'node:assert/strict'
import { request } from 'node:http'
import { buffer } from 'node:stream/consumers'

import fc from 'fast-check'

import type { Answer } from './check-answer.ts'
import { checkAnswer } from './check-answer.ts'
import { API_KEY, DOOR_TOKEN, FLOW_TIMEOUT_MS, type FuzzTarget } from './fuzz-target.ts'
import { type FuzzedRequest, requestsOf } from './request-arbitrary.ts'

/** How long to go on, and where to begin. */
export type FuzzBounds = {
  readonly seed: number
  /** Requests of each route. */
  readonly runs: number
  /** Milliseconds for each route; what is left then is left out. */
  readonly milliseconds: number
}

/** How often each thing came out: the status of a success, or the code of a problem. */
export type Outcomes = { [outcome: string]: number }

/** Milliseconds in which every answer must be there, long after the service's own time is over. */
const PATIENCE_MS = 10 * FLOW_TIMEOUT_MS

/**
 * Sends every route of a service requests that fit its schema, nearly fit it, and do not, while the API
 * answers as it likes; and asserts what holds for every answer, and for the process that gave it.
 *
 * @returns How often each route gave each status 200, or each code of a problem.
 */
export async function fuzzRoutes(
  target: FuzzTarget,
  bounds: FuzzBounds
): Promise<ReadonlyMap<string, Outcomes>> {
  const all = new Map<string, Outcomes>()
  // A route to HEAD answers as the one to GET beside it, without the body.
  for (const route of target.routes.filter(({ method }) => method !== 'HEAD')) {
    const outcomes: Outcomes = {}
    all.set(`${route.method} ${route.url}`, outcomes)
    const property = fc.asyncProperty(requestsOf(route, target.documents), async given => {
      const outcome = await checkRequest(target, given)
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    })
    await fc.assert(property, {
      seed: bounds.seed,
      numRuns: bounds.runs,
      interruptAfterTimeLimit: bounds.milliseconds
    })
  }
  return all
}

async function checkRequest(target: FuzzTarget, given: FuzzedRequest): Promise<string> {
  const before = builtIns()
  const logged = target.log.length
  target.prepare(given.answers)
  const answer = await send(target, given)
  const outcome = checkAnswer(answer, target.routes, !hasUsualConfiguration(given))
  assert.deepEqual(builtIns(), before)
  const lines = target.log.slice(logged)
  assert.deepEqual(
    lines.filter(line => JSON.parse(line).level > 40),
    []
  )
  assert.ok(!lines.some(line => line.includes(DOOR_TOKEN)), 'the door token is logged')
  return outcome
}

/** The API's key is a secret where it stands as one, and an ordinary text where mistakes have put it. */
function hasUsualConfiguration({ body }: FuzzedRequest): boolean {
  const secrets = body.split(API_KEY).length - 1
  const named = body.match(
    /"(API Key|Basic: Password|OAuth2\/OIDC: Client Secret)","contentValue":"planted-api-key"/g
  )
  return secrets === named?.length
}

/** What the objects that all others are made from have. */
function builtIns(): (string | symbol)[] {
  return [Object, Array, String, Function, Promise].flatMap(({ prototype }) =>
    Reflect.ownKeys(prototype)
  )
}

/** The answer to a request, sent exactly as it is given. */
function send(
  { url, agent }: FuzzTarget,
  { method, path, headers, body }: FuzzedRequest
): Promise<Answer> {
  const sent = request(url, { method, path, headers, agent, timeout: PATIENCE_MS })
  return new Promise((resolve, reject) => {
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path} hangs`)))
    sent.on('error', reject)
    sent.on('response', response => {
      buffer(response).then(bytes => {
        const { statusCode: status = 0, headers: given } = response
        resolve({ status, headers: given, body: bytes.toString() })
      }, reject)
    })
    sent.end(Buffer.from(body, 'latin1'))
  })
}
