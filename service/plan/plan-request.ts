import { isIdempotencyKey, isSendableHeader } from '../base/header-names.ts'
import { percentEncoded } from '../base/percent-encoding.ts'
import { ConnectorError } from '../errors.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { EndpointUse } from '../model/mapping-record.ts'
import { isRead } from '../model/mapping-record.ts'
import type { Types } from '../objects/type-lookup.ts'
import type { PlannedCredential } from './credentials.ts'
import { withoutCredential } from './credentials.ts'
import {
  cookiePairs,
  headerText,
  isDotSegment,
  pathText,
  queryText,
  refusalOf
} from './parameter-style.ts'
import type { ParameterValue } from './parameter-values.ts'
import { parameterValues, unfilled } from './parameter-values.ts'
import { securedLink, staysAtHost } from './origin-hosts.ts'
import { prepareEndpoint } from './prepared-endpoint.ts'
import { BODY_PREFIX, planBody } from './request-body.ts'
import { secretValues } from './template-text.ts'
import type { ApiAccess, OperationInput, RequestPlan } from './types.ts'

export type PlanOptions = {
  readonly endpoint: EndpointRecord
  /** What fills the endpoint's parameters and its body. */
  readonly use: EndpointUse
  readonly types: Types
  /** Where the document was read: the base of a relative server. */
  readonly documentUrl: string
  readonly access: ApiAccess
  readonly input: OperationInput
}

type Header = { readonly name: string; readonly value: string; readonly isCredential: boolean }

/**
 * Plans one call of an API: its URL, headers, body, and apart from them its credential. Nothing is sent or
 * looked up.
 *
 * A body is planned only where the endpoint takes one and the input has one. Its media type is not among
 * the headers, unless the mapping's `headers` set it.
 *
 * @throws ConnectorError `PARAMETER_REQUIRED`, `PARAMETER_INVALID`, `ID_INVALID`, `VALUE_INVALID`,
 *   `BODY_UNSUPPORTED`, `BODY_REQUIRED`, `SERVER_MISSING`, `SERVER_VARIABLE_INVALID`, `URL_INVALID`,
 *   `CONFIG_INVALID`, and those of `splitFilter`.
 */
export function planRequest(options: PlanOptions): RequestPlan {
  const { endpoint, use, access, input } = options
  const parameters = boundParameters(endpoint, use.bindings)
  const values = parameterValues(options)
  const path = fillPath(options, values)
  const prepared = prepareEndpoint(endpoint, options.documentUrl, access)
  const query = [
    prepared.query,
    ...valuesIn(values, 'query').map(({ parameter, value }) =>
      queryText(parameter, value, refusalOf(endpoint, parameter.name))
    ),
    ...undeclaredPaging(parameters, input)
  ].filter(text => text !== '')
  const { base, credential: planned } = prepared
  const { own, credential } = planHeaders(endpoint, values)
  const isOwn = Object.keys(credential).length > 0
  return {
    operation: endpoint.key,
    method: endpoint.method,
    url: pageUrl(options, base, planned) ?? joinUrl(base, path, query),
    headers: own,
    body: planBody(options, valuesIn(values, 'body')),
    accept: endpoint.accept,
    origin: prepared.origin,
    allowedHosts: access.allowedHosts,
    credential: withHeaders(planned.credential, credential),
    // A mapping that sets the header itself needs no grant.
    grant: Object.keys(credential).some(isAuthorization) ? null : planned.grant,
    answersJson: endpoint.answersJson || isRead(use.verb),
    ...(isWrite(endpoint.method, use.verb) && { isWrite: true }),
    secrets: usedVariables(parameters, access, prepared.secrets),
    missingCredential: isOwn ? null : planned.missingCredential,
    unsentCredentials: isOwn ? [] : prepared.unsent,
    conduct: endpoint.conduct,
    idempotencyKey: parameters.find(isIdempotencyKey)?.name ?? null
  }
}

/** Fills the idempotency key that a call declares, for all its attempts, unless the plan has one. */
export function withIdempotencyKey(plan: RequestPlan, newKey: () => string): RequestPlan {
  const { idempotencyKey: name, headers } = plan
  if (name === null || Object.hasOwn(headers, name)) return plan
  return { ...plan, headers: { ...headers, [name]: newKey() } }
}

function isWrite(method: string, verb: EndpointUse['verb']): boolean {
  return verb !== null && !isRead(verb) && method !== 'GET' && method !== 'HEAD'
}

/** Puts the value of `Authorization` that a grant yielded into the plan. */
export function withGranted(plan: RequestPlan, authorization: string): RequestPlan {
  const credential = withHeaders(plan.credential, { Authorization: authorization })
  return { ...plan, credential }
}

function withHeaders(
  credential: RequestPlan['credential'],
  headers: RequestPlan['headers']
): RequestPlan['credential'] {
  if (Object.keys(headers).length === 0) return credential
  return { ...credential, headers: mergeHeaders(credential.headers, headers) }
}

function isAuthorization(header: string): boolean {
  return header.toLowerCase() === 'authorization'
}

/**
 * The next link of a list; of the same origin only, or of https at its host, because the credential is sent
 * along. Query parameters of the credential are removed from the link.
 *
 * @throws ConnectorError `PAGING_FOREIGN` for another origin.
 */
function pageUrl(
  { endpoint, input }: PlanOptions,
  base: string,
  { credential }: PlannedCredential
): string | undefined {
  const given = input.page?.url
  if (given === undefined || given === null) return undefined
  const from = new URL(base)
  const url = securedLink(from, given)
  if (staysAtHost(from, url)) return withoutCredential(url, credential)
  const { method, path } = endpoint
  throw new ConnectorError('PAGING_FOREIGN', { method, path, host: url.host })
}

/** Paging values of the query that have no declared parameter. */
function undeclaredPaging(
  parameters: readonly BoundParameter[],
  { page }: OperationInput
): string[] {
  const isDeclared = (given: string): boolean => parameters.some(({ name }) => name === given)
  return Object.entries(page?.values ?? {})
    .filter(([name]) => !isDeclared(name) && !name.startsWith(BODY_PREFIX))
    .map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(String(value))}`)
}

/** The values of the variables that fill parameters, after those of the base. */
function usedVariables(
  parameters: readonly BoundParameter[],
  access: Pick<ApiAccess, 'variables'>,
  ofBase: readonly string[]
): string[] {
  const used = [...ofBase]
  for (const { sources } of parameters) {
    for (const source of sources) {
      const value = source.from === 'variable' ? access.variables[source.name] : undefined
      if (value !== undefined) used.push(value)
      if (source.from !== 'template') continue
      for (const template of source.values) {
        for (const text of secretValues(template, access)) used.push(text)
      }
    }
  }
  return used
}

/**
 * Fills a path template. The result has as many segments as the template.
 *
 * @throws ConnectorError `PARAMETER_REQUIRED` for a name that no parameter has.
 */
function fillPath(scope: PlanOptions, values: readonly ParameterValue[]): string {
  const { endpoint } = scope
  // A `#` and what follows it only distinguishes operations of one path, and is never sent.
  const [template = ''] = endpoint.path.split('#', 1)
  if (!template.includes('{')) return template
  const texts = new Map(
    valuesIn(values, 'path').map(({ parameter, value }) => [
      parameter.name,
      pathText(parameter, value, refusalOf(endpoint, parameter.name))
    ])
  )
  return template
    .split('/')
    .map(segment => {
      let last = ''
      const filled = segment.replace(/\{([^{}]*)\}/g, (_, name: string) => {
        last = name
        const text = texts.get(name)
        if (text === undefined) throw unfilled(scope, { name, in: 'path', sources: [] })
        return text
      })
      if (filled === segment || !isDotSegment(filled)) return filled
      throw refusalOf(endpoint, last)(
        'the path would step to another one',
        'Give it a text other than "", "." and ".."'
      )
    })
    .join('/')
}

function joinUrl(base: string, path: string, query: readonly string[]): string {
  const separator = path.includes('?') ? '&' : '?'
  const search = query.length === 0 ? '' : `${separator}${query.join('&')}`
  const joint = path === '' || path.startsWith('/') ? '' : '/'
  return new URL(`${base}${joint}${path}${search}`).href
}

const NO_HEADERS = { own: {}, credential: {} }

function isInHead({ parameter }: ParameterValue): boolean {
  return parameter.in === 'header' || parameter.in === 'cookie'
}

/** The headers and cookies of the parameters, with credentials apart. */
function planHeaders(
  endpoint: EndpointRecord,
  values: readonly ParameterValue[]
): { own: RequestPlan['headers']; credential: RequestPlan['headers'] } {
  if (!values.some(isInHead)) return NO_HEADERS
  // Those of the mapping come last, so that they replace others.
  const headers = valuesIn(values, 'header')
    .toSorted((a, b) => Number(a.parameter.fromHeaders) - Number(b.parameter.fromHeaders))
    .map(given => header(endpoint, given))
  const named = (isCredential: boolean): RequestPlan['headers'] =>
    headers
      .filter(given => given.isCredential === isCredential)
      .reduce((all, { name, value }) => mergeHeaders(all, { [name]: value }), {})
  const own = named(false)
  const credential = named(true)
  const cookies = valuesIn(values, 'cookie').flatMap(({ parameter, value }) =>
    cookiePairs(parameter, value, refusalOf(endpoint, parameter.name))
  )
  if (cookies.length === 0) return { own, credential }
  // A request has one `Cookie` header, and the mapping's is a secret.
  const name = Object.keys(credential).find(given => given.toLowerCase() === 'cookie')
  if (name === undefined) return { own: { ...own, Cookie: cookies.join('; ') }, credential }
  const joined = [credential[name], ...cookies].join('; ')
  return { own, credential: { ...credential, [name]: joined } }
}

function header(endpoint: EndpointRecord, { parameter, value }: ParameterValue): Header {
  const { name, fromHeaders } = parameter
  const refuse = refusalOf(endpoint, name)
  if (!isSendableHeader(name)) {
    throw refuse('the header belongs to the connection', 'Remove it from the document')
  }
  const isCredential = /^(authorization|cookie)$/i.test(name)
  if (isCredential && !fromHeaders) {
    throw refuse('the header is a credential', 'Set it under `headers` of the mapping')
  }
  return { name, value: headerText(parameter, value, refuse), isCredential }
}

/** Merges headers without regard to the case of names; `upper` wins. */
function mergeHeaders(
  lower: RequestPlan['headers'],
  upper: RequestPlan['headers']
): RequestPlan['headers'] {
  const replaced = Object.keys(upper).map(name => name.toLowerCase())
  const kept = Object.entries(lower).filter(([name]) => !replaced.includes(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...upper }
}

function valuesIn(
  values: readonly ParameterValue[],
  location: ParameterValue['parameter']['in']
): ParameterValue[] {
  return values.filter(({ parameter }) => parameter.in === location)
}
