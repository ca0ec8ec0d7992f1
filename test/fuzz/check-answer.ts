import assert from 'node:assert/strict'

import type { RouteOptions } from 'fastify'
import Type from 'typebox'
import { Value } from 'typebox/value'

import { Problem } from '../../service/protocol/schemas.ts'
import { SECURITY_HEADERS } from '../../service/plugins/security-headers.ts'
import { assertProblemFitsPlatform } from '../support/fits-platform-schema.ts'
import { API_KEY, DOOR_TOKEN } from './fuzz-target.ts'

/** An answer of the service. */
export type Answer = {
  readonly status: number
  /** By lower-case name. */
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined }
  readonly body: string
}

/**
 * Asserts what holds for every answer, whatever was sent: it is one of the route's answers, or a problem
 * with its header that is no failure of ours; it has the headers of every answer; it tells no secret.
 *
 * @param mayTellKey Whether the API's key was sent in a place where it is no secret.
 * @returns The code of a problem, else the status.
 */
export function checkAnswer(
  answer: Answer,
  routes: readonly RouteOptions[],
  mayTellKey: boolean
): string {
  const { status, headers, body } = answer
  const told = JSON.stringify(headers) + body
  assert.ok(!told.includes(DOOR_TOKEN), 'the door token is told')
  assert.ok(mayTellKey || !told.includes(API_KEY), 'the API key is told')
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
    const isSample = name === 'cache-control' && headers[name] === 'no-cache'
    const isPage = name === 'content-security-policy' && isPagePolicy(headers)
    assert.ok(isSample || isPage || headers[name] === value, `${name} is ${headers[name]}`)
  }
  assert.deepEqual(
    [headers['set-cookie'], headers.server, headers.location],
    Array(3).fill(undefined)
  )
  if (status !== 200 && status !== 304) return checkProblem(answer)
  checkResult(answer, routes)
  return String(status)
}

/** A page has a policy of its own, which lets nothing in from elsewhere. */
function isPagePolicy(headers: Answer['headers']): boolean {
  const policy = String(headers['content-security-policy'])
  const isPage = headers['content-type'] === 'text/html; charset=utf-8'
  return isPage && policy.startsWith("default-src 'none'; ") && !/unsafe|https?:|\*/.test(policy)
}

function checkResult({ headers, body }: Answer, routes: readonly RouteOptions[]): void {
  assert.equal(headers['x-manywho-service-problem-kind'], undefined)
  // Health and 304 have no body, HEAD neither; what is no JSON is a sample.
  if (body === '' || headers['content-type'] !== 'application/json; charset=utf-8') return
  const value: unknown = JSON.parse(body)
  assert.ok(
    routes.some(route => fitsAnswerOf(route, value)),
    `no route answers ${body.slice(0, 500)}`
  )
}

function fitsAnswerOf({ schema }: RouteOptions, value: unknown): boolean {
  const { response } = { response: undefined, ...schema }
  const success: unknown =
    typeof response === 'object' && response !== null && 200 in response && response[200]
  return Type.IsSchema(success) && Value.Check(success, value)
}

function checkProblem({ status, headers, body }: Answer): string {
  assert.ok(status >= 400 && status <= 599, `the status is ${status}`)
  const kind = headers['x-manywho-service-problem-kind']
  assert.ok(
    kind === 'service' || kind === 'api',
    `${status} without the header: ${body.slice(0, 200)}`
  )
  assert.equal(headers['content-type'], 'application/json; charset=utf-8')
  // An answer to HEAD.
  if (body === '') return String(status)
  const problem: unknown = JSON.parse(body)
  assert.ok(Value.Check(Problem, problem), body)
  assertProblemFitsPlatform(JSON.parse(body))
  assert.deepEqual([problem.statusCode, problem.kind], [status, kind])
  assert.ok(problem.message.endsWith(` [${problem.code}]`) && problem.message.length <= 500)
  assert.notEqual(problem.code, 'INTERNAL')
  assert.ok(status !== 500 || kind === 'api', 'a failure of ours')
  assert.doesNotMatch(body, /\.[jt]s:\d+|node:internal|\\n +at /)
  return problem.code
}
