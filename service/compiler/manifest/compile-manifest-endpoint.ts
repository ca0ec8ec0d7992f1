import { isSendableHeader } from '../../base/header-names.ts'
import { pointer, pointerTo } from '../../base/json-pointer.ts'
import { isJsonArray, plainText } from '../../base/json.ts'
import type { BodyRecord } from '../../model/body-record.ts'
import type {
  ConductRecord,
  EndpointRecord,
  ParameterLocation,
  SecuritySchemeRecord
} from '../../model/endpoint-record.ts'
import { plainParameter } from '../../model/endpoint-record.ts'
import type { BindingRecord } from '../../model/mapping-record.ts'
import type { Template } from '../../model/template.ts'
import { fixedText } from '../../model/template.ts'
import { compileUrl } from './compile-url.ts'
import type {
  AuthForm,
  InputForm,
  OutputForm,
  RateLimitForm
} from '../../vocabulary/manifest-forms.ts'
import type { ManifestPart, ManifestScope } from './manifest-scope.ts'
import { sectionOf } from './manifest-scope.ts'
import { isTemplateFault, readTemplate } from './read-template.ts'

/** An endpoint of a manifest, and what fills its parameters. */
export type ManifestEndpoint = {
  readonly endpoint: EndpointRecord
  readonly bindings: readonly BindingRecord[]
}

/** The credential that a manifest describes. */
type GivenScheme = Extract<SecuritySchemeRecord, { kind: 'given' }>

/** Why a part cannot be called, and the member that is to blame. */
type Fault = { readonly path: readonly string[]; readonly reason: string }

/** Reads the text at a path in a part. */
type ReadText = (text: string, ...path: readonly string[]) => Template

/** The statuses that are tried again, and how often, where `rate_limit` does not say it. */
const RETRY_ON = [429, 503]
const MAX_RETRIES = 3

/**
 * Compiles the endpoint of an input or output: its URL, constants of the query and headers, credential, and conduct.
 * What cannot be used leaves out the whole part, with a diagnostic: a call without it would ask for something else.
 */
export function compileManifestEndpoint(
  scope: ManifestScope,
  part: ManifestPart,
  form: InputForm | OutputForm,
  method: string,
  body: BodyRecord | null
): ManifestEndpoint | null {
  const faults: Fault[] = []
  const template: ReadText = (text, ...path) => {
    const read = readTemplate(text, [part.path, ...path].join('.'))
    if (!isTemplateFault(read)) return read
    const reason = `\`{{ ${read.expression} }}\` is none of the templates that are evaluated`
    faults.push({ path, reason })
    return []
  }
  const url = compileUrl(template(form.url.trim(), 'url'))
  const security = form.auth === undefined ? null : compileAuth(part.name, form.auth, template)
  if (typeof url === 'string') faults.push({ path: ['url'], reason: url })
  if (typeof security === 'string') faults.push({ path: ['auth'], reason: security })
  const bindingsOf = (
    place: ParameterLocation,
    member: 'params' | 'headers'
  ): readonly BindingRecord[] =>
    Object.entries(form[member] ?? {}).flatMap(([name, value]) => {
      if (value === null) return []
      const values = isJsonArray(value)
        ? value.map((each, index) => template(plainText(each), member, name, `${index}`))
        : [template(plainText(value), member, name)]
      return [bindingOf(place, name, values, isJsonArray(value))]
    })
  const bindings = [...bindingsOf('query', 'params'), ...bindingsOf('header', 'headers')]
  const [fault] = [...faults, ...unsendableHeaders(form)]
  if (fault !== undefined || typeof url === 'string' || typeof security === 'string') {
    const { path = [], reason = '' } = fault ?? {}
    const holes = { part: part.path, reason, section: sectionOf(part) }
    scope.report.add('MANIFEST_INVALID', pointerTo(part.at, path), holes)
    return null
  }
  reportPlainSecrets(scope, part, form)
  const inUrl = [...Map.groupBy(url.query, ([name]) => name)].map(([name, pairs]) =>
    bindingOf(
      'query',
      name,
      pairs.map(([, value]) => value),
      pairs.length > 1
    )
  )
  const inPath = [...url.pathValues].map(([name, value]) => bindingOf('path', name, [value], false))
  const named = new Set(bindings.map(({ in: place, name }) => `${place} ${name}`))
  const given = [
    ...inPath,
    ...inUrl.filter(({ in: place, name }) => !named.has(`${place} ${name}`)),
    ...bindings
  ]
  const all = security === null ? given : withoutTwins(scope, part, security, given)
  const endpoint: EndpointRecord = {
    key: `${method} ${url.path}`,
    pointer: part.at,
    method,
    path: url.path,
    server: url.server,
    security: security === null ? [] : [[security]],
    sendsByName: false,
    apiKeySchemes: [],
    parameters: all
      .filter(({ fromHeaders }) => !fromHeaders)
      .map(({ in: place, name }) => plainParameter(name, placeOf(place))),
    body,
    accept: 'application/json',
    answersJson: true,
    conduct: compileConduct(part, form.rate_limit),
    failure: 'guessed'
  }
  return { endpoint, bindings: all }
}

function unsendableHeaders({ auth, headers = {} }: InputForm | OutputForm): Fault[] {
  const own = Object.keys(headers).map(name => ({ path: ['headers', name], name }))
  const key = auth?.header === undefined ? [] : [{ path: ['auth', 'header'], name: auth.header }]
  return [...key, ...own]
    .filter(({ name }) => !isSendableHeader(name))
    .map(({ path, name }) => ({ path, reason: `the header "${name}" cannot be set` }))
}

function placeOf(place: BindingRecord['in']): ParameterLocation {
  return place === 'body' ? 'query' : place
}

/** What fills a parameter: a constant where no value has a variable. */
function bindingOf(
  place: ParameterLocation,
  name: string,
  values: readonly Template[],
  isList: boolean
): BindingRecord {
  const texts = values.flatMap(value => fixedText(value) ?? [])
  const isFixed = texts.length === values.length
  const [text = ''] = texts
  return {
    in: place,
    name,
    sources: isFixed ? [] : [{ from: 'template', values }],
    ...(isFixed && { fallback: isList ? texts : text }),
    encodeTwice: false,
    fromHeaders: place === 'header'
  }
}

/** The credential that `auth` describes, or words that say what it lacks. */
function compileAuth(name: string, auth: AuthForm, template: ReadText): GivenScheme | string {
  const { type, token, header, param, key, username, password = '' } = auth
  const lacks = (member: string): string => `\`auth\` of type \`${type}\` lacks \`${member}\``
  const inHeader = { name, kind: 'given', in: 'header', parameter: 'Authorization' } as const
  switch (type) {
    case 'bearer':
      if (token === undefined) return lacks('token')
      return { ...inHeader, secret: template(token, 'auth', 'token'), form: 'bearer' }
    case 'basic': {
      if (username === undefined) return lacks('username')
      const user = template(username, 'auth', 'username')
      const secret = [...user, ':', ...template(password, 'auth', 'password')]
      return { ...inHeader, secret, form: 'basic' }
    }
    default: {
      if (key === undefined) return lacks('key')
      const place = header ?? param
      if (place === undefined) return `${lacks('header')} or \`param\``
      if (header !== undefined && param !== undefined) {
        return '`auth` has both `header` and `param`, of which a key takes one'
      }
      const location = header === undefined ? 'query' : 'header'
      return {
        name,
        kind: 'given',
        in: location,
        parameter: place,
        secret: template(key, 'auth', 'key'),
        form: 'plain'
      }
    }
  }
}

/**
 * What fills parameters, without what `auth` sends under the same name. A header `Authorization` or `Cookie` is a
 * credential itself, and sent in place of that of `auth`.
 */
function withoutTwins(
  { report }: ManifestScope,
  part: ManifestPart,
  { in: place, parameter }: GivenScheme,
  bindings: readonly BindingRecord[]
): readonly BindingRecord[] {
  const nameOf = (name: string): string => (place === 'header' ? name.toLowerCase() : name)
  return bindings.filter(({ in: there, name }) => {
    if (there !== place || nameOf(name) !== nameOf(parameter)) return true
    const isSent = place === 'header' && /^(?:authorization|cookie)$/i.test(name)
    const own = `${place === 'header' ? 'headers' : 'params'}.${name}`
    const [member, reason] = isSent ? ['auth', `\`${own}\` is sent`] : [own, '`auth` is sent']
    const holes = { member, part: part.path, reason, section: sectionOf(part) }
    report.add('MANIFEST_MEMBER_IGNORED', pointer(part.at, 'auth'), holes)
    return isSent
  })
}

/** Reports secrets that are written into the manifest, also as a default. */
function reportPlainSecrets(
  { report }: ManifestScope,
  part: ManifestPart,
  { auth, headers = {} }: InputForm | OutputForm
): void {
  const places = [
    ...(['token', 'key', 'password'] as const).map(name => ['auth', name, auth?.[name]] as const),
    ...Object.entries(headers)
      .filter(([name]) => name.toLowerCase() === 'authorization')
      .map(([name, value]) => ['headers', name, value] as const)
  ]
  for (const [owner, name, text] of places) {
    if (typeof text !== 'string' || !isWritten(text)) continue
    const path = `${part.path}.${owner}.${name}`
    report.add('MANIFEST_SECRET_WRITTEN', pointer(part.at, owner, name), { part: path })
  }
}

/** Whether a template has a text although no variable has a value. */
function isWritten(text: string): boolean {
  const template = readTemplate(text, '')
  if (isTemplateFault(template)) return false
  return (
    template.length > 0 &&
    template.every(part => (typeof part === 'string' ? part.trim() : part.fallback))
  )
}

function compileConduct(part: ManifestPart, given: RateLimitForm = {}): ConductRecord {
  const { requests_per_second: requestsPerSecond, retry_on: on, max_retries: max } = given
  return {
    // What the manifest says of an endpoint holds for its writes, too.
    retry: { on: on ?? RETRY_ON, onIsOwn: true, max: max ?? MAX_RETRIES, ignore: [] },
    rateLimit:
      requestsPerSecond === undefined
        ? null
        : {
            pointer: pointer(part.at, 'rate_limit'),
            requestsPerSecond,
            quotas: [],
            remainingHeader: null,
            resetHeader: null
          }
  }
}
