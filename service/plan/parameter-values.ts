import { isIdempotencyKey, isIfMatch } from '../base/header-names.ts'
import type { JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, ownMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { EndpointUse, Source } from '../model/mapping-record.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { propertyJson } from '../objects/encode-object.ts'
import { compositeParts } from '../objects/external-id.ts'
import { EXPECTED, scalarToJson } from '../objects/scalar-text.ts'
import { findProperty, findValue, typeNamed, type Types } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import { splitFilter } from './filter/split-filter.ts'
import { refusalOf, scalarText } from './parameter-style.ts'
import type { PushedValues } from './filter/push-filter.ts'
import { sourceWords } from './source-words.ts'
import { templateText } from './template-text.ts'
import type { ApiAccess, OperationInput } from './types.ts'

export type ValueScope = {
  readonly endpoint: EndpointRecord
  readonly use: EndpointUse
  readonly types: Types
  readonly access: Pick<ApiAccess, 'variables'>
  readonly input: OperationInput
}

/** A parameter that is sent, with its JSON value. */
export type ParameterValue = { readonly parameter: BoundParameter; readonly value: JsonValue }

/**
 * The values of an endpoint's parameters: the part of the list filter that it takes, else the first source
 * that yields a value, else for `If-Match` the loaded version, else the constant or the schema's default.
 * A parameter that nothing fills is left out, as is one with the constant null. A filter beside an id is ignored.
 *
 * @throws ConnectorError `PARAMETER_REQUIRED` for a required parameter that nothing fills,
 *   `PARAMETER_INVALID` for a value that is not of its kind or none of those allowed, `ID_INVALID` for
 *   an id that is no composite key of the type, and as `splitFilter` and `templateText`.
 */
export function parameterValues(scope: ValueScope): readonly ParameterValue[] {
  return fillParameters(scope, parameter => {
    throw unfilled(scope, parameter)
  })
}

/** The required parameters of an endpoint that nothing fills. @throws ConnectorError as `parameterValues`. */
export function unfilledParameters(scope: ValueScope): readonly BoundParameter[] {
  const missing: BoundParameter[] = []
  fillParameters(scope, parameter => missing.push(parameter))
  return missing
}

/** @param onUnfilled Called with each required parameter that nothing fills. */
function fillParameters(
  scope: ValueScope,
  onUnfilled: (parameter: BoundParameter) => void
): readonly ParameterValue[] {
  const { endpoint, use, types, input } = scope
  const type = use.type === null ? null : typeNamed(types, use.type)
  const parameters = boundParameters(endpoint, use.bindings)
  const pushed: PushedValues =
    input.filter === null || input.id !== null || type === null
      ? new Map()
      : splitFilter({ parameters }, type, input.filter).pushed
  return parameters.flatMap(parameter => {
    const given =
      pagedValue(input, parameter) ??
      pushed.get(parameter) ??
      firstValue(scope, type, parameter) ??
      (isIfMatch(parameter) ? (input.ifMatch ?? undefined) : undefined)
    const value = given === undefined ? undefined : fitted(endpoint, parameter, given)
    if (pushed.has(parameter) && isUnfilled(value)) throw valueless(endpoint, parameter)
    // A constant key would make all calls one; each gets its own where nothing else fills it.
    const isKey = isIdempotencyKey(parameter)
    const constant = isKey ? undefined : parameter.fallback
    const sent = isUnfilled(value) ? constant : value
    // A constant may be blank text; other empty values cannot be written.
    if (sent !== undefined && (typeof sent === 'string' || !isUnfilled(sent))) {
      return [{ parameter, value: sent }]
    }
    const isLeftOut = parameter.fallback === null && parameter.in !== 'path'
    // A next link has its own query.
    const isInLink = Boolean(input.page?.url) && parameter.in.startsWith('query')
    if (parameter.required && !isKey && !isLeftOut && !isInLink) onUnfilled(parameter)
    return []
  })
}

/** The values of the members of the body that have sources of their own; as `parameterValues`. */
export function bodyValues(scope: ValueScope): readonly ParameterValue[] {
  const bindings = scope.use.bindings.filter(({ in: location }) => location === 'body')
  if (bindings.length === 0) return []
  const endpoint = { ...scope.endpoint, parameters: [] }
  return parameterValues({ ...scope, endpoint, use: { ...scope.use, bindings } })
}

/** The problem of a required parameter without a value, which names its sources. */
export function unfilled(
  { endpoint: { method, path }, use: { verb } }: Pick<ValueScope, 'endpoint' | 'use'>,
  { name, in: location, sources }: Pick<BoundParameter, 'name' | 'in' | 'sources'>
): ConnectorError {
  const isVersion = isIfMatch({ name, in: location })
  const words = isVersion
    ? ['it by loading the object by its id before, in the same flow']
    : sources.map(sourceWords)
  const source =
    words.length > 0
      ? words.join(' or ')
      : verb === null
        ? 'it'
        : `it: add "${name}" to \`parameters\` of the mapping \`x-flow-${verb}\``
  return new ConnectorError('PARAMETER_REQUIRED', { parameter: name, method, path, source })
}

/** A blank condition must not be dropped. */
function valueless(endpoint: EndpointRecord, { name, kind }: BoundParameter): ConnectorError {
  return refusalOf(endpoint, name)('it is blank', `Give it ${EXPECTED[kind]}`)
}

/** The paging value of a parameter. */
function pagedValue(
  { page }: OperationInput,
  { name }: BoundParameter
): string | number | undefined {
  return page === null ? undefined : ownMember(page.values, name)
}

function firstValue(
  scope: ValueScope,
  type: TypeRecord | null,
  { sources }: BoundParameter
): JsonValue | undefined {
  for (const source of sources) {
    const value = sourceValue(scope, type, source)
    if (!isUnfilled(value)) return value
  }
  return undefined
}

function sourceValue(
  { types, access, input }: ValueScope,
  type: TypeRecord | null,
  source: Source
): JsonValue | undefined {
  switch (source.from) {
    case 'user':
      return input.user[source.field]
    case 'id':
      if (source.part === null) return input.id ?? undefined
      return type === null ? undefined : idPart(type, input.id, source.part)
    case 'property':
      return input.object === null || type === null
        ? undefined
        : propertyValue(types, type, input.object, source.path)
    case 'variable':
      return ownMember(access.variables, source.name)
    case 'template': {
      const texts = source.values.map(value => templateText(value, access))
      return texts.length === 1 ? texts[0] : texts
    }
    default:
      // Values of the page and of the list filter were found before the sources are asked.
      return undefined
  }
}

function idPart(type: TypeRecord, id: string | null, part: string): string | undefined {
  if (id === null) return undefined
  const parts = compositeParts(id, type.identity)
  if (parts === undefined) throw new ConnectorError('ID_INVALID', { type: type.name })
  return ownMember(parts, part)
}

/** The JSON of a property, found by developer names from the outside in. */
function propertyValue(
  types: Types,
  type: TypeRecord,
  object: FlowObject,
  path: readonly string[]
): JsonValue | undefined {
  const [name = '', ...inner] = path
  const property = findProperty(type, name)
  const given = property && findValue(object, property)
  if (property === undefined || given === undefined) return undefined
  if (inner.length === 0) return propertyJson(types, type, property, given)
  const [nested] = given.objectData ?? []
  if (nested === undefined || property.value.form !== 'object') return undefined
  return propertyValue(types, typeNamed(types, property.value.type), nested, inner)
}

/** Whether there is nothing to send: no value, blank text, an empty array or object. */
function isUnfilled(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  if (isJsonArray(value)) return value.length === 0
  return isJsonObject(value) && Object.keys(value).length === 0
}

/** Converts a value to the parameter's kind, and checks it against the allowed values. */
function fitted(
  endpoint: EndpointRecord,
  parameter: BoundParameter,
  value: JsonValue
): JsonValue | undefined {
  if (isJsonArray(value)) {
    return value
      .map(item => fitted(endpoint, parameter, item))
      .filter(item => item !== undefined && item !== null)
  }
  const fit = typeof value === 'string' ? fittedText(endpoint, parameter, value) : value
  const { allowed, name } = parameter
  if (allowed === null || isUnfilled(fit) || fit === undefined || isJsonObject(fit)) return fit
  const refuse = refusalOf(endpoint, name)
  if (isJsonArray(fit) || allowed.includes(scalarText(fit, refuse))) return fit
  throw refuse('it is not one of the allowed values', `Use one of: ${allowed.join(', ')}`)
}

function fittedText(
  endpoint: EndpointRecord,
  { name, kind, json }: BoundParameter,
  text: string
): JsonValue | undefined {
  try {
    // The problem is reported for the parameter below, so that no type is needed.
    const value = scalarToJson(kind, text, { type: '', property: name })
    // Only JSON can be an array or an object; a scalar of no declared kind is sent as written.
    const isStructure = isJsonArray(value) || isJsonObject(value)
    const isUntyped = kind === 'json' || kind === 'any'
    return isUntyped && !json && !isStructure ? text : value
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    if (kind === 'json') return text
    throw refusalOf(endpoint, name)(`it is not ${EXPECTED[kind]}`, `Give it ${EXPECTED[kind]}`)
  }
}
