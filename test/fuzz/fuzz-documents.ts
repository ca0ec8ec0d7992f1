import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import type { FlowAnswer } from '../support/start-connector.ts'
import { condition, flowObject, startConnector } from '../support/start-connector.ts'
import { startUpstream } from '../support/start-upstream.ts'
import type { Chooser } from './chooser.ts'
import { createChooser } from './chooser.ts'
import type { GrownDocument } from './document-grammar.ts'
import { growDocument } from './document-grammar.ts'
import type { FuzzBounds, Outcomes } from './fuzz-routes.ts'
import { growConfiguration, growValue } from './value-grammar.ts'

const STATUSES = [
  200, 200, 200, 200, 200, 201, 202, 204, 207, 303, 400, 404, 409, 412, 422, 429, 500
] as const
const TEXTS = ['1', 'a', '', '\ud800', '漢', 'x'.repeat(3_000), '2024-03-01'] as const
const CRITERIA = ['EQUAL', 'NOT_EQUAL', 'CONTAINS', 'GREATER_THAN', 'IS_EMPTY'] as const

/**
 * Grows documents, configurations, requests and answers of an API by their grammars, with mistakes, in sizes from
 * nothing to what is allowed; and asserts that none of them makes the service fail.
 *
 * @param bounds `runs` is the number of documents; each is used for some twenty requests.
 * @returns How often each status 200 and each code of a problem came.
 */
export async function fuzzDocuments(t: TestContext, bounds: FuzzBounds): Promise<Outcomes> {
  let grown: GrownDocument | null = null
  let chooser = createChooser(bounds.seed)
  const api = await startUpstream(t, (request, response) => {
    const { method = '', url = '' } = request.resume()
    if (grown === null) return response.destroy()
    if (url.endsWith('.yaml')) return response.end(JSON.stringify(grown.root))
    const { status, headers, text } = growAnswer(chooser, grown, method, url)
    return response.writeHead(status, headers).end(text)
  })
  const connector = await startConnector(t, {}, { LOG_LEVEL: 'error', UPSTREAM_TIMEOUT_MS: '3000' })
  const outcomes: Outcomes = {}
  const end = performance.now() + bounds.milliseconds
  for (let run = 0; run < bounds.runs && performance.now() < end; run++) {
    const seed = bounds.seed + run
    chooser = createChooser(seed)
    grown = growDocument(chooser)
    const configuration = growConfiguration(chooser, `${api}/${seed}.yaml`)
    const configured = connector.as({ configuration, headers: { manywhotenant: `tenant-${seed}` } })
    for (const [name, call] of callsOf(chooser, grown, configured)) {
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

type Configured = Awaited<ReturnType<typeof startConnector>>

/** Calls of everything that a document offers, in the order of a flow. */
function callsOf(
  chooser: Chooser,
  { types, schemas }: GrownDocument,
  connector: Configured
): (readonly [name: string, call: () => Promise<FlowAnswer>])[] {
  const { pick, below, once } = chooser
  const grown = (type: string): object => {
    const value = growValue(chooser, schemas[type], schemas)
    const members = Object.entries(typeof value === 'object' && value !== null ? value : {})
    return Object.fromEntries(members.map(([name, held]) => [name, flowValue(held)]))
  }
  const object = (type: string, id: string | null): object =>
    flowObject(id, { name: pick(TEXTS), ...grown(type) })
  const filter = (): object => ({
    limit: pick([0, 1, 10, 1_000]),
    offset: pick([0, 1, 50]),
    ...(once(3) && { search: pick(TEXTS) }),
    ...(once(3) && {
      orderByPropertyDeveloperName: pick(['id', 'name', 'nothing']),
      orderByDirectionType: 'DESC'
    }),
    ...(once(4) && { offsetToken: pick(TEXTS) }),
    where: chooser.some(3, () =>
      condition(pick(['id', 'name', 'status', 'tags', 'é']), pick(TEXTS), pick(CRITERIA))
    )
  })
  return [
    ['install', () => connector.send('POST', '/metadata/install')],
    ['preview', () => connector.send('POST', '/preview')],
    ...types.flatMap(type => [
      [`query ${type}`, () => connector.load(type, filter())] as const,
      [`query ${type} again`, () => connector.load(type, filter())] as const,
      [`load ${type}`, () => connector.load(type, { id: pick(TEXTS) })] as const,
      [
        `save ${type}`,
        () =>
          connector.save(type, ...Array.from({ length: 1 + below(4) }, () => object(type, null)))
      ] as const,
      [`update ${type}`, () => connector.save(type, object(type, pick(TEXTS)))] as const,
      [`delete ${type}`, () => connector.remove(type, object(type, pick(TEXTS)))] as const
    ])
  ]
}

/** A value as the platform sends it: text, or objects of any shape. */
function flowValue(value: JsonValue): string | null | object[] {
  if (value === null || typeof value === 'string') return value
  if (typeof value !== 'object') return String(value)
  return [value]
    .flat()
    .slice(0, 20)
    .map(item => flowObject(null, { Value: JSON.stringify(item) }))
}

type Written = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly text: string
}

function growAnswer(chooser: Chooser, grown: GrownDocument, method: string, url: string): Written {
  const { pick, once } = chooser
  const [, type = '', id] = /\/(T\d)(\/)?/.exec(url) ?? []
  const operation = `${method.toLowerCase()} /${type}${id === undefined ? '' : '/{id}'}`
  const schemas: { readonly [name: string]: JsonObject } = grown.schemas
  const value = growValue(chooser, grown.answers[operation], schemas)
  const json = JSON.stringify(value)
  return {
    status: pick(STATUSES),
    headers: {
      'content-type': pick([
        'application/json',
        'text/plain',
        'text/html',
        'application/json; charset=odd'
      ]),
      ...(once(3) && { etag: pick(['"1"', 'W/"\xe9"', '']) }),
      ...(once(4) && { location: pick([`/v1/${type}/7`, '//', 'http://%', '?', '']) }),
      ...(once(5) && {
        link: pick(['</v1/next>; rel="next"', '<', `<${url}>; rel=next`, '<http://[>; rel=next'])
      }),
      ...(once(8) && { 'retry-after': pick(['0', 'x', '-1']) }),
      ...(once(8) && { 'x-next': pick(['2', '\xff', '']) })
    },
    text: once(10) ? json.slice(0, json.length / 2) : json
  }
}
