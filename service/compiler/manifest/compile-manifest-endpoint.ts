import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
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
  const faults: string[] = []
  const template = (text: string): Template => {
    const read = readTemplate(text)
    if (!isTemplateFault(read)) return read
    faults.push(`\`{{ ${read.expression} }}\` is none of the templates that are evaluated`)
    return []
  }
  const url = compileUrl(template(form.url))
  const security = form.auth === undefined ? null : compileAuth(part.name, form.auth, template)
  if (typeof url === 'string') faults.push(url)
  if (typeof security === 'string') faults.push(security)
  const values = (value: JsonValue): readonly Template[] =>
    (isJsonArray(value) ? value : [value]).map(each => template(plainText(each)))
  const bindings = [
    ...Object.entries(form.params ?? {}).flatMap(([name, value]) =>
      value === null ? [] : [bindingOf('query', name, values(value), isJsonArray(value))]
    ),
    ...Object.entries(form.headers ?? {}).map(([name, value]) =>
      bindingOf('header', name, values(value), false)
    )
  ]
  if (faults.length > 0 || typeof url === 'string' || typeof security === 'string') {
    const [reason = ''] = faults
    const { path, at } = part
    scope.report.add('MANIFEST_INVALID', at, { part: path, reason, section: sectionOf(part) })
    return null
  }
  reportPlainSecrets(scope, part, form.auth)
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
  const all = [
    ...inPath,
    ...inUrl.filter(({ in: place, name }) => !named.has(`${place} ${name}`)),
    ...bindings
  ]
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
function compileAuth(
  name: string,
  auth: AuthForm,
  template: (text: string) => Template
): SecuritySchemeRecord | string {
  const { type, token, header, param, key, username, password = '' } = auth
  const lacks = (member: string): string => `\`auth\` of type \`${type}\` lacks \`${member}\``
  const inHeader = { name, kind: 'given', in: 'header', parameter: 'Authorization' } as const
  switch (type) {
    case 'bearer':
      if (token === undefined) return lacks('token')
      return { ...inHeader, secret: template(token), form: 'bearer' }
    case 'basic': {
      if (username === undefined) return lacks('username')
      const secret = [...template(username), ':', ...template(password)]
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
        secret: template(key),
        form: 'plain'
      }
    }
  }
}

/** A secret that is written into the manifest. */
function reportPlainSecrets(
  { report }: ManifestScope,
  part: ManifestPart,
  auth: AuthForm | undefined
): void {
  for (const member of ['token', 'key', 'password'] as const) {
    const text = auth?.[member]
    if (text === undefined || text === '' || text.includes('{{')) continue
    const path = `${part.path}.auth.${member}`
    report.add('MANIFEST_SECRET_WRITTEN', pointer(part.at, 'auth', member), { part: path })
  }
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
