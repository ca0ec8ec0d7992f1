import { plainText } from '../../base/json.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { IdentityRecord, PropertyRecord, TypeRecord } from '../../model/type-record.ts'
import { mappingKeys } from '../../model/type-record.ts'
import type { LoginRecord } from '../../model/login-record.ts'
import type { BodyMember, BodyRefusal, BodyUse } from '../../model/body-record.ts'
import type { BoundParameter } from '../../model/bound-parameters.ts'
import { boundParameters } from '../../model/bound-parameters.ts'
import type { EndpointRecord, FailureRecord } from '../../model/endpoint-record.ts'
import type { MappingRecord, RecordsLocation, Source } from '../../model/mapping-record.ts'
import type { Template } from '../../model/template.ts'

/** Writes a model as text: the types with properties, ids and mappings, then the logins. */
export function renderModel(model: ConnectorModel): string {
  const types = model.index.types.flatMap(name => {
    const type = model.types[name]
    return type === undefined ? [] : [renderType(model, type)]
  })
  const logins = model.index.logins.map(login => `  ${login.scheme}: ${loginWords(login)}`)
  return [
    ...(types.length === 0 ? ['No types to install.'] : types),
    ...(logins.length === 0 ? [] : [['Users log in through', ...logins].join('\n')])
  ].join('\n\n')
}

function loginWords(login: LoginRecord): string {
  switch (login.kind) {
    case 'oauth2':
      return `OAuth 2.0 at ${login.authorizationUrl}, described by ${login.userInfoUrl}`
    case 'openIdConnect':
      return `OpenID Connect of ${login.discoveryUrl}, for ${login.scope}`
    case 'basic':
      return `user name and password, checked by ${login.checkUrl}`
    default:
      return login satisfies never
  }
}

function renderType(model: ConnectorModel, type: TypeRecord): string {
  const summary = type.summary === null ? '' : ` — ${type.summary.split('\n', 1)[0]}`
  const keys = Object.keys(type.mappings).flatMap(verb => mappingKeys(type, verb))
  const mappings = keys.flatMap(key => model.mappings[key] ?? [])
  return [
    `${type.name}${summary}`,
    ...(type.fields === 'first page' ? ['  fields: those of the first page'] : []),
    ...aligned(type.properties.map(property => [property.name, propertyWords(property)])),
    ...type.choices.map(choice => `  one of ${choice.options.map(o => o.property).join(', ')}`),
    ...(type.form === 'object' ? [`  id: ${identityWords(type.identity)}`] : []),
    ...mappings.flatMap(mapping => renderMapping(mapping, model.endpoints[mapping.endpoint]))
  ].join('\n')
}

function aligned(rows: readonly (readonly [string, string])[]): string[] {
  const width = rows.reduce((widest, [name]) => Math.max(widest, name.length), 0)
  return rows.map(([name, words]) => `  ${name.padEnd(width)}  ${words}`)
}

function propertyWords(property: PropertyRecord): string {
  const { value } = property
  const form = value.form === 'scalar' ? value.kind : `${value.form} of ${value.type}`
  const marks = [
    property.custom && 'custom',
    property.readOnly && 'read only',
    property.writeOnly && 'write only',
    property.nullable && 'nullable',
    property.key !== null && property.key !== property.name && `JSON member ${property.key}`
  ].filter(mark => mark !== false)
  return [property.content.replace('Content', ''), form, ...marks].join(', ')
}

function identityWords({ composite, candidates }: IdentityRecord): string {
  const paths = candidates.map(path => path.join('.'))
  const parts = composite === null ? [] : [composite.map(({ part }) => part).join(' + ')]
  return [...parts, ...paths, 'else made from the content'].join(', ')
}

function renderMapping(mapping: MappingRecord, endpoint: EndpointRecord | undefined): string[] {
  if (endpoint === undefined) return []
  const { verb, bindings, body, records, example } = mapping
  const { method, path, security } = endpoint
  const lines = [
    `  ${verb}: ${method} ${path}${originWords(mapping.origin)}`,
    ...boundParameters(endpoint, bindings).map(parameter => `    ${parameterWords(parameter)}`)
  ]
  if (body !== null) lines.push(`    ${bodyWords(body, endpoint)}`)
  if (mapping.blank !== null) lines.push(`    blank properties: ${mapping.blank}`)
  if (mapping.merge === 'always') lines.push('    laid over the object, which is read first')
  lines.push(`    objects: ${recordsWords(records)}`)
  if (endpoint.failure !== 'guessed') lines.push(`    refusals: ${failureWords(endpoint.failure)}`)
  if (security.length > 0) {
    const alternatives = security.map(
      schemes => schemes.map(({ name }) => name).join(' + ') || 'none'
    )
    lines.push(`    security: ${alternatives.join(' or ')}`)
  }
  if (example !== null) {
    const chosen = [example.response, example.name].filter(word => word !== null).join(' ')
    lines.push(`    answered from the document${chosen === '' ? '' : `: ${chosen}`}`)
  }
  return lines
}

function originWords({ score }: MappingRecord['origin']): string {
  return score === null ? '' : ` (inferred, ${score.toFixed(2)})`
}

function recordsWords(records: RecordsLocation): string {
  if (records.at === 'search') return 'looked for in each answer'
  if (records.at === 'undecided') return `none, as they may be at ${records.between.join(' or ')}`
  const { path, item, areEntries } = records
  if (areEntries === true) return `the values of ${path || 'the whole body'}`
  return item === undefined ? path || 'the whole body' : `${path}[].${item}`
}

function bodyWords(use: BodyUse | BodyRefusal, { body }: EndpointRecord): string {
  if ('refused' in use) {
    return `no body: ${use.refused === 'BODY_REQUIRED' ? use.reason : `it is ${use.given}`}`
  }
  const members = use.shape?.members
  const sent = members
    ? Object.entries(members).map(memberWords).join(', ')
    : 'every property of the type'
  const path = use.wrap.flatMap(step => (step.form === 'member' ? [step.key] : []))
  const wrap = path.length === 0 ? '' : ` under ${path.join('.')}`
  const list = use.wrap.some(({ form }) => form === 'list') ? ', a list' : ''
  const without = use.exclude.length === 0 ? '' : `, without ${use.exclude.join(', ')}`
  return `body ${body?.mediaType}${wrap}${list}: ${sent || 'nothing of the object'}${without}`
}

function memberWords([key, { as }]: [string, BodyMember]): string {
  return as === undefined ? key : `${key} as ${as}`
}

function failureWords(failure: FailureRecord | 'never'): string {
  if (failure === 'never') return 'no 2xx'
  const { flag, failed, message } = failure
  const values = failed.map(plainText).join(' or ')
  return `2xx whose ${flag} is ${values}${message === null ? '' : `, message in ${message}`}`
}

function parameterWords(parameter: BoundParameter): string {
  const filled = [
    ...parameter.sources.map(sourceWords),
    ...(parameter.fallback === undefined ? [] : [JSON.stringify(parameter.fallback)])
  ]
  const { style, explode, allowed, maximum } = parameter
  const plainStyle = style === 'simple' || style === 'form'
  const marks = [
    parameter.required && 'required',
    parameter.kind !== 'text' && parameter.kind,
    parameter.json && 'as JSON',
    !plainStyle && style,
    explode !== (style === 'form') && (explode ? 'exploded' : 'not exploded'),
    parameter.allowReserved && 'reserved characters as they are',
    maximum !== null && `at most ${maximum}`,
    allowed !== null && `one of ${allowed.join(' ')}`
  ].filter(mark => mark !== false)
  const words = marks.length === 0 ? '' : ` (${marks.join(', ')})`
  // The name of a member of the body begins with `body.`.
  const place = parameter.in === 'body' ? '' : `${parameter.in} `
  return `${place}${parameter.name}${words} = ${filled.join(', else ') || 'nothing'}`
}

function sourceWords(source: Source): string {
  switch (source.from) {
    case 'user':
      return `$User.${source.field}`
    case 'id':
      return source.part === null ? 'the id' : `part "${source.part}" of the id`
    case 'order':
      return `the order as ${source.ascending} or ${source.descending}`
    case 'property':
      return `property ${source.path.join('.')}`
    case 'filter':
      return `filter ${source.column} ${source.criterion}${source.any ? ', several' : ''}`
    case 'variable':
      return `$Var.${source.name}`
    case 'template':
      return source.values.map(templateWords).join(' and ')
    case 'limit':
    case 'offset':
    case 'search':
    case 'orderBy':
    case 'direction':
      return source.from
    default:
      return source satisfies never
  }
}

function templateWords(template: Template): string {
  return template.map(part => (typeof part === 'string' ? part : `{{ ${part.variable} }}`)).join('')
}
