import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { FlowAnswer } from '../support/start-connector.ts'
import { startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'
import { growAnswer } from './answer-grammar.ts'
import { createChooser } from './chooser.ts'
import type { GrownDocument } from './document-grammar.ts'
import { growDocument } from './document-grammar.ts'
import type { FuzzBounds, Outcomes } from './fuzz-routes.ts'
import { growCalls } from './flow-calls.ts'
import { growConfiguration } from './value-grammar.ts'

/**
 * Grows documents, configurations, requests and answers of an API by their grammars, with mistakes, in sizes from
 * nothing to what is allowed; and asserts that none of them makes the service fail.
 *
 * @param bounds `runs` is the number of documents; each is used for some twenty requests.
 * @returns How often each status 200 and each code of a problem came.
 */
export async function fuzzDocuments(t: TestContext, bounds: FuzzBounds): Promise<Outcomes> {
  let grown: GrownDocument | null = null
  let text = ''
  let chooser = createChooser(bounds.seed)
  const api = await startUpstream(t, (request, response) => {
    const { method = '', url = '' } = request.resume()
    if (grown === null) return response.destroy()
    if (url.endsWith('.yaml')) return response.end(text)
    const { status, headers, body } = growAnswer(chooser, grown, method, url)
    return response.writeHead(status, headers).end(body)
  })
  const connector = await startConnector(
    t,
    {},
    {
      LOG_LEVEL: 'error',
      UPSTREAM_TIMEOUT_MS: '1500',
      FLOW_TIMEOUT_MS: '6000'
    }
  )
  const outcomes: Outcomes = {}
  const end = performance.now() + bounds.milliseconds
  for (let run = 0; run < bounds.runs && performance.now() < end; run++) {
    const seed = bounds.seed + run
    chooser = createChooser(seed)
    grown = growDocument(chooser)
    text = JSON.stringify(grown.root)
    if (chooser.once(25)) text = text.slice(0, chooser.below(text.length))
    const configuration = growConfiguration(chooser, `${api}/${seed}.yaml`)
    const configured = connector.as({ configuration, headers: { manywhotenant: `tenant-${seed}` } })
    for (const [name, call] of growCalls(chooser, grown, configured, configuration)) {
      const outcome = outcomeOf(await call())
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      // Only failures of the service are logged.
      assert.deepEqual(connector.log, [], `npm run fuzz -- --seed ${seed}: ${name}`)
      assert.notEqual(outcome, 'INTERNAL', `npm run fuzz -- --seed ${seed}: ${name}`)
    }
  }
  return outcomes
}

function outcomeOf({ status, body }: FlowAnswer): string {
  const code: unknown = typeof body === 'object' && body !== null && 'code' in body ? body.code : ''
  return status === 200 ? '200' : String(code)
}
