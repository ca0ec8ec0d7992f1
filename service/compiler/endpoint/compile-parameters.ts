import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import { isAccept, isRefusedHeader } from '../../base/header-names.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, plainText, textMember } from '../../base/json.ts'
import { takesJson } from '../../base/media-type.ts'
import type { ParameterLocation, ParameterRecord } from '../../model/endpoint-record.ts'
import { plainParameter } from '../../model/endpoint-record.ts'
import type { Compilation } from '../compilation.ts'
import { scalarForm } from '../schema/scalar-property.ts'
import type { SchemaView } from '../schema/view-schema.ts'
import { onlyValue, viewItems, viewSchema } from '../schema/view-schema.ts'
import type { LocatedObject } from './types.ts'

type Style = ParameterRecord['style']

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

function compileParameter(
  compilation: Compilation,
  given: JsonObject,
  at: Pointer
): ParameterRecord | undefined {
  const name = textMember(given, 'name')
  const location = LOCATIONS.find(known => known === given.in)
  if (name === undefined || location === undefined) {
    compilation.report.add('PARAMETER_UNSUPPORTED', at, {
      parameter: name ?? '',
      reason: `its place is "${plainText(given.in ?? '')}"`,
      remedy: `Give it a name, and one of the places ${LOCATIONS.join(', ')}`
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
  // OpenAPI ignores a header `Accept`, but a document that fills it means it.
  const isRequired = given.required === true && !isAccept({ in: location, name })
  const required = location === 'path' || isRequired
  return {
    ...plainParameter(name, location),
    ...styleOf(given, location),
    allowReserved: given.allowReserved === true,
    json: media !== undefined && takesJson(media[0]),
    ...schemaMembers(compilation, schema, {
      at,
      required,
      isForm: location === 'query' && media === undefined
    })
  }
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
  { at, required, isForm }: { at: Pointer; required: boolean; isForm: boolean }
): Pick<ParameterRecord, 'kind' | 'required' | 'allowed' | 'maximum' | 'default'> {
  const located = schema === undefined ? undefined : { schema, at: pointer(at, 'schema') }
  const view = located && viewSchema(compilation, located)
  if (view === undefined) return { kind: 'text', required, allowed: null, maximum: null }
  const value = viewItems(compilation, view) ?? view
  const { kind } = scalarForm(value, '')
  const { maximum } = view.node
  // A default is often written beside a reference, by `allOf` in 3.0.
  const declared = member(schema, 'default') ?? view.node.default
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

/** Whether an object whose members are known needs none of them. */
function mayBeEmpty({ kind, properties, required }: SchemaView): boolean {
  return kind === 'object' && properties.size > 0 && required.length === 0
}
