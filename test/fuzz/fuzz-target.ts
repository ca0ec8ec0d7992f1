import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import type { TestContext } from 'node:test'

import type { RouteOptions } from 'fastify'

import { startUpstream } from '../support/start-upstream.ts'
import { startConnector } from '../support/start-connector.ts'
import type { FuzzedAnswer } from './api-answers.ts'
import { answerFuzzed } from './api-answers.ts'

/** A document, and what it calls things. */
export type FuzzedDocument = {
  readonly url: string
  readonly types: readonly string[]
  readonly properties: readonly string[]
}

export type FuzzTarget = {
  readonly url: string
  readonly agent: Agent
  /** Every route, as the service itself has it. */
  readonly routes: readonly RouteOptions[]
  readonly documents: readonly FuzzedDocument[]
  /** Every line that was logged so far. */
  readonly log: readonly string[]
  /** Says what the API does with the next calls. */
  prepare(answers: readonly FuzzedAnswer[]): void
}

/** Opens the door; may never be seen in an answer or in the log. */
export const DOOR_TOKEN = 'planted-door-token'

/** May never be seen in an answer or in the log, as long as it stands where it belongs. */
export const API_KEY = 'planted-api-key'

export const FLOW_TIMEOUT_MS = 20_000

const SAMPLES = readdirSync('openapi-samples').filter(name => name.endsWith('.yaml'))

/**
 * Starts the service, and an API that has every sample document as its own: each URL in one leads to
 * this API and nowhere else.
 */
export async function startFuzzTarget(t: TestContext): Promise<FuzzTarget> {
  const answers: FuzzedAnswer[] = []
  const answer = answerFuzzed(() => answers.shift())
  const api: string = await startUpstream(t, (request, response) => {
    const name = SAMPLES.find(sample => request.url === `/${sample}`)
    if (name === undefined) return answer(request, response)
    const text = readFileSync(`openapi-samples/${name}`, 'utf8')
    response.setHeader('content-type', 'application/yaml')
    response.end(text.replace(/https?:\/\/[^/\s'"#]+/g, api))
  })
  const connector = await startConnector(
    t,
    {},
    {
      CONNECTOR_TOKENS: DOOR_TOKEN,
      FLOW_TIMEOUT_MS: String(FLOW_TIMEOUT_MS),
      UPSTREAM_TIMEOUT_MS: '2000',
      REQUEST_MAX_BYTES: '1000000',
      LOG_LEVEL: 'trace'
    }
  )
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const { url, routes, log } = connector
  const documents: FuzzedDocument[] = []
  // Compiling the largest takes longer than a fuzzed request may.
  const patient = await startConnector(t, {})
  for (const name of SAMPLES) documents.push(await describe(patient.url, `${api}/${name}`))
  return {
    url,
    agent,
    routes,
    documents,
    log,
    prepare: next => {
      answers.splice(0, Number.POSITIVE_INFINITY, ...next)
    }
  }
}

async function describe(url: string, documentUrl: string): Promise<FuzzedDocument> {
  const configurationValues = [{ developerName: 'Schema URL', contentValue: documentUrl }]
  const response = await fetch(`${url}/metadata/install`, {
    method: 'POST',
    body: Buffer.from(JSON.stringify({ configurationValues }))
  })
  assert.equal(response.status, 200, documentUrl)
  const { types }: { types: { developerName: string; properties: { developerName: string }[] }[] } =
    JSON.parse(await response.text())
  const properties = types.flatMap(type =>
    type.properties.map(({ developerName }) => developerName)
  )
  return { url: documentUrl, types: types.map(({ developerName }) => developerName), properties }
}
