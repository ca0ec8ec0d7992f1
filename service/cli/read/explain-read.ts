import { boundaryText } from '../../bulk/incremental-reader.ts'
import { shownRequest } from '../../exchange/shown-request.ts'
import type { EndpointRecord } from '../../model/endpoint-record.ts'
import { credentialFor } from '../../model/credential-name.ts'
import { pagingWords } from '../../model/paging-words.ts'
import type { Template } from '../../model/template.ts'
import { typeNamed } from '../../objects/type-lookup.ts'
import type { RowsExplanation } from '../../operations/explain-rows.ts'
import { explainRows } from '../../operations/explain-rows.ts'
import { listMapping } from '../../operations/list-mapping.ts'
import { configuredCredentials } from '../../plan/credentials.ts'
import type { ApiAccess, RequestPlan } from '../../plan/types.ts'
import { explanationLine, filterLines } from '../session/filter-lines.ts'
import type { ExitCode } from '../terminal.ts'
import type { Read } from './prepare-read.ts'
import { openIncremental } from './prepare-read.ts'

/**
 * `openapi-flow read DOC TYPE --explain`: says what would be asked of the API and what be evaluated here, how often it
 * would be called, and with which credential. No call is made, and no file is written.
 */
export async function explainRead(read: Read): Promise<ExitCode> {
  const { session, typeName, filter, options, context } = read
  const { terminal } = context
  const list = listMapping(session, typeNamed(session.model.types, typeName), filter)
  const incremental = await openIncremental(read, list)
  const last = incremental?.last ?? null
  const values =
    incremental === null || last === null ? {} : { [incremental.param]: boundaryText(last) }
  const explanation = await explainRows(session, { type: typeName, filter, from: null, values })
  const { first } = explanation
  const request = first === null ? null : shownRequest(first)
  const say = (word: string, text: string): void => terminal.out(explanationLine(word, text))
  if (request === null) say('first call', 'none: the document answers with its examples')
  else say('first call', `${request.method} ${request.url}`)
  if (first !== null) {
    say('calls', callWords(explanation, filter.limit))
    say('paging', pagingWords(list.answers.paging))
    say('pace', paceWords(first))
    say('credential', credentialWords(first, list.endpoint, session.access))
  }
  for (const [word, text] of filterLines(explanation.plan)) say(word, text)
  if (incremental !== null) {
    const from = last === null ? 'from the start' : `${incremental.param}=${boundaryText(last)}`
    say('incremental', `by "${incremental.field}", ${from}, kept in "${incremental.state}"`)
  }
  const columns = options.columns.length === 0 ? 'all columns' : options.columns.join(', ')
  say('output', `${options.format} to ${options.out ?? 'standard output'}, ${columns}`)
  return 0
}

/** How many calls are to be expected. */
function callWords({ list, plan }: RowsExplanation, limit: number): string {
  const { paging } = list.answers
  const { type, origin, pageSize, usualSize, maxPages } = paging
  const readings = plan?.readings.length ?? 1
  const times = readings === 1 ? '' : `, for each of ${readings} readings of the list`
  if (type === 'none' && origin !== 'answer') return `1${times}`
  const size = pageSize ?? usualSize
  const isAllPushed = plan !== null && plan.remaining === null
  const most =
    maxPages === null || maxPages === Number.MAX_SAFE_INTEGER ? '' : `, at most ${maxPages}`
  if (size === null) return `1 for each page, whose size the API decides${most}${times}`
  if (limit > 0 && isAllPushed) return `${Math.ceil(limit / size)} at most`
  return `1 for every ${size} records${most}${times}`
}

function paceWords({ conduct }: RequestPlan): string {
  const { rateLimit, retry } = conduct
  const { requestsPerSecond = null, quotas = [] } = rateLimit ?? {}
  const rates = [
    ...(requestsPerSecond === null ? [] : [`${requestsPerSecond} calls a second`]),
    ...quotas.map(({ calls, seconds }) => `${calls} calls in ${seconds} s`)
  ]
  const on = retry.on === null ? 'the usual statuses' : retry.on.join(', ')
  const repeats = retry.max === 0 ? 'no repeats' : `${retry.max} repeats after ${on}`
  return `${rates.join(', ') || 'no limit'}; ${repeats}`
}

/** Names of the credentials of a call, never the secrets. */
function credentialWords(
  { credential, grant, missingCredential, unsentCredentials }: RequestPlan,
  { security, sendsByName }: EndpointRecord,
  access: ApiAccess
): string {
  if (missingCredential !== null)
    return `none: the configuration value "${missingCredential}" is missing`
  if (grant?.from === 'client') return `"OAuth2/OIDC: Client Id", for scheme ${grant.scheme}`
  const places = [
    ...Object.keys(credential.headers).map(name => `header ${name}`),
    ...credential.query.map(([name]) => `parameter ${name}`),
    ...credential.cookies.map(([name]) => `cookie ${name}`)
  ]
  if (places.length === 0) return 'none'
  const given = security.flat().flatMap(scheme => (scheme.kind === 'given' ? [scheme.secret] : []))
  const sent = configuredCredentials(access).filter(name => !unsentCredentials.includes(name))
  const asked = new Set(security.flat().map(credentialFor))
  const names =
    given.length > 0
      ? given.map(templateWords)
      : sent.filter(name => sendsByName || asked.has(name)).map(name => `"${name}"`)
  const from = names.length === 0 ? 'set by `headers` of the mapping' : names.join(', ')
  return `${from}, in ${places.join(', ')}`
}

/** The variables that a secret is made of. */
function templateWords(secret: Template): string {
  const names = secret.flatMap(part => (typeof part === 'string' ? [] : [`env.${part.variable}`]))
  return names.length === 0 ? '`auth` of the manifest' : names.join(', ')
}
