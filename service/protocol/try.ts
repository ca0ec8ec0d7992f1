import { bareUrl } from '../base/bare-url.ts'
import { jsonStart } from '../base/json-start.ts'
import { parseUrl } from '../base/parse-url.ts'
import { ConnectorError } from '../errors.ts'
import { createMask, MASK, TEXT_MAX_LENGTH } from '../exchange/redaction.ts'
import { SECRET_NAMES } from '../operations/configuration.ts'
import type { Trial, TryRequest as Asked } from '../operations/types.ts'
import { readLoadRequest, readWriteRequest } from './object-data.ts'
import type { FailedRequest } from './problem.ts'
import { writeProblem } from './problem.ts'
import type { EngineValue } from './schemas.ts'
import type { TryAnswer, TryRequest } from './try-schemas.ts'
import type { ObjectsWriter } from './write-flow-objects.ts'
import { startWriting } from './write-flow-objects.ts'

/** The platform's requests by verb. */
const ROUTES = {
  load: { method: 'POST', url: '/data' },
  query: { method: 'POST', url: '/data' },
  save: { method: 'PUT', url: '/data' },
  update: { method: 'PUT', url: '/data' },
  delete: { method: 'POST', url: '/data/delete' }
} as const

/** What a problem calls them. */
const ACTIONS = {
  load: 'LOAD',
  query: 'LOAD',
  save: 'SAVE',
  update: 'SAVE',
  delete: 'DELETE'
} as const

const URLS = /https?:\S+/gi

/**
 * Reads a trial (docs/running.md#trying-a-type).
 *
 * @throws ConnectorError `BODY_INVALID` for a load without an id, a query with one, and a write without objects;
 *   `ID_REQUIRED` for an update of an object without an id; as `readLoadRequest` and `readWriteRequest`.
 */
export function readTryRequest(body: TryRequest): Asked {
  const { verb } = body
  if (verb === 'load' || verb === 'query') {
    const load = readLoadRequest(body)
    const hasId = load.filter.id !== null
    if (hasId === (verb === 'load')) return { verb, load }
    throw invalid('/listFilter/id', hasId ? 'no id, since the verb is query' : 'an external id')
  }
  const write = readWriteRequest(body)
  if (write.objects.length === 0) throw invalid('/objectData', 'at least one object')
  const index = write.objects.findIndex(({ externalId }) => externalId === null)
  if (verb === 'update' && index >= 0) {
    throw new ConnectorError('ID_REQUIRED', { index, type: write.type, what: verb })
  }
  return { verb, write }
}

function invalid(pointer: string, expected: string): ConnectorError {
  return new ConnectorError('BODY_INVALID', { pointer, expected: `expected ${expected}` })
}

/** The answer of `/try`, a `TryAnswer`, as JSON in pieces that are written step by step. */
export function startTryAnswer(
  body: TryRequest,
  trial: Trial,
  failed: Pick<FailedRequest, 'requestId'>
): ObjectsWriter {
  const { result, error, secrets, ...told } = trial
  const { method, url } = ROUTES[body.verb]
  const mask = createMask(secrets)
  const request = {
    ...{ method, url },
    headers: { 'content-type': 'application/json' },
    body: mask(jsonStart(platformBody(body), TEXT_MAX_LENGTH))
  }
  const problem =
    error === null
      ? null
      : writeProblem(error, { ...failed, path: url, action: ACTIONS[body.verb] }, mask)
  const head: Omit<TryAnswer, 'objects'> = {
    request,
    answer: {
      statusCode: problem?.statusCode ?? 200,
      hasMoreResults: result.hasMoreResults,
      offsetToken: result.offsetToken ?? null
    },
    problem,
    ...{ ...told, calls: [...told.calls], pages: [...told.pages], timings: [...told.timings] },
    conditions: told.conditions.map(each => ({
      ...each,
      text: mask(each.text),
      sent: each.sent.map(mask)
    }))
  }
  const open = Buffer.from(`${JSON.stringify(head).slice(0, -1)},"objects":`)
  const writer = startWriting(result.objects, '', '}')
  const answer: { pieces: readonly Buffer[]; step(): boolean } = {
    pieces: [open],
    step() {
      if (!writer.step()) return false
      answer.pieces = [open, ...writer.pieces]
      return true
    }
  }
  return answer
}

/** The body of the platform's request, with its configuration values masked and without what only a trial has. */
function platformBody({ verb: _, configurationValues, ...body }: TryRequest): object {
  return { configurationValues: (configurationValues ?? []).map(maskedValue), ...body }
}

function maskedValue({ developerName = null, contentValue = null }: EngineValue): EngineValue {
  const isSecret = SECRET_NAMES.has(developerName?.trim().toLowerCase() ?? '')
  if (contentValue === null || contentValue === '') return { developerName, contentValue }
  return { developerName, contentValue: isSecret ? MASK : contentValue.replaceAll(URLS, maskedUrl) }
}

/** A URL without what may be a secret: user information and the query. */
function maskedUrl(text: string): string {
  const url = parseUrl(text)
  if (url === null) return MASK
  const { username, password, search } = url
  if (username + password + search === '') return text
  return `${bareUrl(url)}${search === '' ? '' : `?${MASK}`}`
}
