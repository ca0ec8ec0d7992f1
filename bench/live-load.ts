import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'

import autocannon from 'autocannon'

/** Requests per second of both sides, one figure a round, in the order in which they were measured. */
export type LiveLoadFigures = { readonly ours: readonly number[]; readonly bare: readonly number[] }

const CONNECTIONS = 50

/**
 * Measures a live load of 20 objects through the connector and through the bare handler, in turn, each in
 * a process of its own, over one API in a third. Both answers are checked first.
 */
export async function measureLiveLoad(options: {
  readonly rounds: number
  readonly secondsPerRound: number
}): Promise<LiveLoadFigures> {
  const children: ChildProcess[] = []
  const start = async (file: string, ...args: string[]): Promise<string> => {
    const child = fork(new URL(file, import.meta.url), args)
    children.push(child)
    const [url] = await once(child, 'message')
    return String(url)
  }
  try {
    const api = await start('./tickets-api.ts')
    const bareUrl = await start('./bare-handler.ts', api)
    const ourUrl = await start('./connector.ts')
    const body = JSON.stringify({
      objectDataType: { developerName: 'Ticket' },
      listFilter: { limit: 20 },
      configurationValues: [{ developerName: 'Schema URL', contentValue: `${api}/openapi.json` }]
    })
    const expected = await answerOf(bareUrl, body)
    const given = await answerOf(ourUrl, body)
    assert.equal(given.length, 20)
    assert.deepEqual(given, expected)
    const ours: number[] = []
    const bare: number[] = []
    const measure = (url: string, duration: number): Promise<number> =>
      throughput(url, body, duration)
    await measure(ourUrl, Math.min(2, options.secondsPerRound))
    await measure(bareUrl, Math.min(2, options.secondsPerRound))
    for (let round = 0; round < options.rounds; round++) {
      ours.push(await measure(ourUrl, options.secondsPerRound))
      bare.push(await measure(bareUrl, options.secondsPerRound))
    }
    return { ours, bare }
  } finally {
    for (const child of children) child.disconnect()
  }
}

/** The scalar values of every object of an answer, which both sides must agree on. */
async function answerOf(url: string, body: string): Promise<string[][]> {
  const response = await fetch(`${url}/data`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body
  })
  assert.equal(response.status, 200)
  const answer: {
    objectData: { properties: { developerName: string; contentValue: string | null }[] }[]
  } = JSON.parse(await response.text())
  return answer.objectData.map(({ properties }) =>
    properties.map(({ developerName, contentValue }) => `${developerName}=${contentValue}`)
  )
}

async function throughput(url: string, body: string, duration: number): Promise<number> {
  const result = await autocannon({
    url: `${url}/data`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: CONNECTIONS,
    duration
  })
  assert.equal(result.non2xx + result.errors, 0)
  return result.requests.average
}
