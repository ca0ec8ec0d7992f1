import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { isAccept, isRefusedHeader } from '../../base/header-names.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, plainText, textMember } from '../../base/json.ts'
import { mediaEssence, takesJson } from '../../base/media-type.ts'
import type { ParameterLocation, ParameterRecord } from '../../model/endpoint-record.ts'
import { plainParameter } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import { scalarForm } from '../schema/scalar-property.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { onlyValue, viewItems, viewSchema } from '../schema/view-schema.ts'
import { faultOfDefault } from './parameter-default.ts'
import { templateNames } from './template-names.ts'
import type { LocatedObject } from './types.ts'

type Style = ParameterRecord['style']

/** How much of a default a diagnostic shows. */
const SHOWN_MAX = 60

/** The form of a whole query. */
const FORM_TYPE = 'application/x-www-form-urlencoded'

const LOCATIONS: readonly ParameterLocation[] = ['path', 'query', 'header', 'cookie']

/** The styles of each location, its default first (OpenAPI 3.1, 4.8.12.3). */
const STYLES: { readonly [location in ParameterLocation]: readonly Style[] } = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form']
}

/** A compiled parameter, and its Parameter Object. */
type DeclaredParameter = { readonly record: ParameterRecord; readonly given: LocatedObject }

/**
 * The `parameters` of several objects by location and name (`query limit`); a later one replaces an earlier
 * one.
 */
export function declaredParameters(
  compilation: Compilation,
  holders: readonly LocatedObject[]
): ReadonlyMap<string, DeclaredParameter> {
  const found = new Map<string, DeclaredParameter>()
  for (const { value, at } of holders) {
    const list = value?.parameters
    for (const [index, given] of (isJsonArray(list) ? list : []).entries()) {
      const object = compilation.resolveObject(given, pointer(at, 'parameters', index))
      if (object === undefined) continue
      const parameter = compileParameter(compilation, object.value, object.at)
      const size = 1 + (parameter?.allowed?.length ?? 0)
      if (parameter === undefined || !compilation.afford(size)) continue
      found.set(`${parameter.in} ${parameter.name}`, { record: parameter, given: object })
    }
  }
  return found
}

/** The parameters of a path template that nothing else declares. */
export function undeclaredInPath(
  path: string,
  declared: readonly ParameterRecord[]
): ParameterRecord[] {
  const known = declared.filter(parameter => parameter.in === 'path').map(({ name }) => name)
  const names = new Set(templateNames(path)).difference(new Set(known))
  return [...names].map(name => plainParameter(name, 'path'))
}

function compileParameter(
  compilation: Compilation,
  given: JsonObject,
  at: Pointer
): ParameterRecord | undefined {
  const name = textMember(given, 'name')
  const whole = given.in === 'querystring'
  const location = whole ? 'query' : LOCATIONS.find(known => known === given.in)
  if (name === undefined || location === undefined) {
    compilation.report.add('PARAMETER_UNSUPPORTED', at, {
      parameter: name ?? '',
      reason: `its place is "${plainText(given.in ?? '')}"`,
      remedy: `Give it a name, and one of the places ${LOCATIONS.join(', ')}, querystring`
    })
    return undefined
  }
  // OpenAPI says that these are to be ignored; credentials have security schemes.
  if (location === 'header' && /^(content-type|authorization)$/i.test(name)) return undefined
  if (location === 'header' && isRefusedHeader(name)) {
    const reason = 'the header belongs to the connection'
    const holes = { parameter: name, reason, remedy: 'Remove the parameter' }
    compilation.report.add('PARAMETER_UNSUPPORTED', at, holes)
    return undefined
  }
  const content = isJsonObject(given.content) ? Object.entries(given.content) : []
  const [media] = content
  const schema = media === undefined ? given.schema : member(media[1], 'schema')
  if (whole && mediaEssence(media?.[0] ?? '') !== FORM_TYPE) {
    compilation.report.add('PARAMETER_UNSUPPORTED', at, {
      parameter: name,
      reason: `its place is "querystring", and its \`content\` is ${media?.[0] ?? 'missing'}`,
      remedy: `Describe the query as \`content\` of ${FORM_TYPE}`
    })
    return undefined
  }
  // OpenAPI ignores a header `Accept`, but a document that fills it means it.
  const isRequired = given.required === true && !isAccept({ in: location, name })
  const required = location === 'path' || isRequired
  return {
    ...plainParameter(name, location),
    ...styleOf(given, location),
    allowReserved: given.allowReserved === true,
    json: media !== undefined && takesJson(media[0]),
    ...schemaMembers(compilation, schema, {
      given,
      at,
      required,
      isForm: location === 'query' && (media === undefined || whole)
    })
  }
}

/** The start of a default as JSON. */
function shownDefault(value: JsonValue): string {
  const text = JSON.stringify(value)
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}

function styleOf(
  given: JsonObject,
  location: ParameterLocation
): Pick<ParameterRecord, 'style' | 'explode'> {
  const known = STYLES[location]
  const style = known.find(name => name === given.style) ?? known[0] ?? 'form'
  const explode = typeof given.explode === 'boolean' ? given.explode : style === 'form'
  return { style, explode }
}

/** What the schema of a parameter says. A required one that can have a single value has it by default. */
function schemaMembers(
  compilation: Compilation,
  schema: JsonValue | undefined,
  {
    given,
    at,
    required,
    isForm
  }: { given: JsonObject; at: Pointer; required: boolean; isForm: boolean }
): Pick<ParameterRecord, 'kind' | 'required' | 'allowed' | 'maximum' | 'default'> {
  const located = schema === undefined ? undefined : { schema, at: pointer(at, 'schema') }
  const view = located && viewSchema(compilation, located)
  if (view === undefined) return { kind: 'text', required, allowed: null, maximum: null }
  const items = viewItems(compilation, view)
  const value = items ?? view
  const { kind } = scalarForm(value, '')
  const { maximum } = view.keywords
  // A default is often written beside a reference, by `allOf` in 3.0.
  const written = member(schema, 'default') ?? view.keywords.default
  const fault =
    written === undefined || written === null
      ? undefined
      : faultOfDefault(written, { given, view, items })
  if (fault !== undefined) {
    const parameter = textMember(given, 'name') ?? ''
    const isInside = member(schema, 'default') !== undefined
    compilation.report.add('DEFAULT_UNUSABLE', isInside ? pointer(at, 'schema', 'default') : at, {
      given: shownDefault(written ?? null),
      parameter,
      reason: fault
    })
  }
  const declared = fault === undefined ? readDefault(written, view) : undefined
  const constant = declared ?? (required ? onlyValue(view) : undefined)
  const members = {
    kind,
    // Of an object without members a query has nothing.
    required: required && !(isForm && mayBeEmpty(view)),
    allowed: value.allowed?.map(plainText) ?? null,
    maximum: typeof maximum === 'number' ? maximum : null
  }
  return constant === undefined || constant === null ? members : { ...members, default: constant }
}

/** A default as its schema writes it: `True` of a boolean is true. */
function readDefault(written: JsonValue | undefined, { kind }: SchemaView): JsonValue | undefined {
  return kind === 'boolean' && typeof written === 'string'
    ? written.toLowerCase() === 'true'
    : written
}

/** Whether an object whose members are known needs none of them. */
function mayBeEmpty({ kind, properties, required }: SchemaView): boolean {
  return kind === 'object' && properties.size > 0 && required.length === 0
}
