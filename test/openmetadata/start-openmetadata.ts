import type { ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import type { JsonObject } from '../../service/base/json.ts'
import { textMember } from '../../service/base/json.ts'
import { startUpstream } from '../support/start-upstream.ts'
import type { EntityHabits, MetadataAnswer, MetadataCall } from './entity-answers.ts'
import { answerEntityCall, judged, Refusal } from './entity-answers.ts'
import type { EntityStore } from './entity-store.ts'
import { createEntityStore } from './entity-store.ts'
import type { ServerAge } from './request-schemas.ts'
import { createRequestJudge } from './request-schemas.ts'

export type StartedMetadata = {
  /** `hostPort` of a workflow file. */
  readonly url: string
  readonly store: EntityStore
  /** All calls, in order. */
  readonly calls: readonly MetadataCall[]
  /** Calls that write, as `METHOD path name`, since they were last taken. */
  takeWrites(): string[]
  /** What pipelines were told, in order. */
  readonly statuses: readonly JsonObject[]
  /** Answers calls in place of the server, where it returns true. */
  intercept(answer: (call: MetadataCall, response: ServerResponse) => boolean): void
}

export type MetadataOptions = Partial<ServerAge & EntityHabits> & {
  readonly version?: string
  /** The token of its bot; null takes anybody. */
  readonly token?: string | null
  /** Full names of its pipelines. */
  readonly pipelines?: readonly string[]
}

export const BOT_TOKEN = 'bot-token-of-the-tests'

const BASE = '/api/v1/'

/** By default it knows what newer servers know, and takes the texts of bots. */
const USUAL = {
  version: '1.12.0',
  token: BOT_TOKEN,
  pipelines: [],
  isNew: true,
  connection: 'openAPISchemaURL',
  keepsTexts: false,
  restoresOnPut: true
} as const satisfies Required<MetadataOptions>

/**
 * Starts a server of OpenMetadata, until the test ends: the paths that the connector calls, with validation by the
 * published schemas, versions, soft deletion and lists in pages. It keeps its state in SQLite.
 */
export async function startOpenMetadata(
  t: TestContext,
  options: MetadataOptions = {}
): Promise<StartedMetadata> {
  const settings: Required<MetadataOptions> = { ...USUAL, ...options }
  const store = createEntityStore()
  t.after(() => store.close())
  const judge = createRequestJudge(settings)
  const calls: MetadataCall[] = []
  const statuses: JsonObject[] = []
  const interceptors: ((call: MetadataCall, response: ServerResponse) => boolean)[] = []
  let taken = 0

  /** @throws Refusal */
  const answer = (call: MetadataCall): MetadataAnswer => {
    const { method, path, headers, body } = call
    if (path === 'system/version') {
      return { status: 200, body: { version: settings.version, revision: 'test', timestamp: 1 } }
    }
    if (settings.token !== null && headers.authorization !== `Bearer ${settings.token}`) {
      throw new Refusal(401, 'Not Authorized! Invalid Token')
    }
    const [, pipeline] = /^services\/ingestionPipelines\/(.+)\/pipelineStatus$/.exec(path) ?? []
    if (method === 'PUT' && pipeline !== undefined) {
      const name = decodeURIComponent(pipeline)
      if (!settings.pipelines.includes(name)) {
        throw new Refusal(404, `ingestionPipeline instance for ${name} not found`)
      }
      statuses.push(judged(judge, 'status', body))
      return { status: 200, body }
    }
    const found = answerEntityCall(store, judge, settings, call)
    if (found !== undefined) return found
    throw new Refusal(404, `HTTP 404 Not Found: ${method} ${path}`)
  }

  const url = await startUpstream(t, async (request, response) => {
    const sent = await text(request)
    const { method = '', url: full = '', headers } = request
    if (!full.startsWith(BASE)) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>OpenMetadata</html>')
      return
    }
    const path = full.slice(BASE.length)
    const call = { method, path, headers, body: sent === '' ? null : JSON.parse(sent) }
    calls.push(call)
    if (interceptors.some(intercept => intercept(call, response))) return
    const { status, body } = refusedAs(() => answer(call))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  return {
    url: `${url}/api`,
    store,
    calls,
    statuses,
    takeWrites() {
      const writes = calls.slice(taken).filter(({ method }) => method !== 'GET')
      taken = calls.length
      return writes.map(({ method, path, body }) =>
        `${method} ${path} ${textMember(body, 'name') ?? ''}`.trim()
      )
    },
    intercept: given => void interceptors.push(given)
  }
}

function refusedAs(answer: () => MetadataAnswer): MetadataAnswer {
  try {
    return answer()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: error.status, body: { code: error.status, message: error.message } }
  }
}
