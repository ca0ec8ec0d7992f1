import type { Pointer } from '../../base/json-pointer.ts'
import { pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member, plainText, textMember } from '../../base/json.ts'
import { isRefusedHeader } from '../../base/header-names.ts'
import { takesJson } from '../../base/media-type.ts'
import type { Compilation } from '../compilation.ts'
import { scalarForm } from '../schema/scalar-property.ts'
import type { ParameterPlace, ParameterRecord } from '../../model/endpoint-record.ts'
import { plainParameter } from '../../model/endpoint-record.ts'
import { viewSchema } from '../schema/view-schema.ts'

type Style = ParameterRecord['style']

const PLACES: readonly ParameterPlace[] = ['path', 'query', 'header', 'cookie']

/** Styles that each place takes, its default first (OpenAPI 3.1, 4.8.12.3). */
const STYLES: { readonly [place in ParameterPlace]: readonly Style[] } = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form']
}

/** The parameters that an operation declares, with those of its path item that it does not replace. */
export function declaredParameters(
  compilation: Compilation,
  lists: readonly { readonly value: JsonValue | undefined; readonly at: Pointer }[]
): ParameterRecord[] {
  const found = new Map<string, ParameterRecord>()
  for (const { value, at } of lists) {
    if (!isJsonArray(value)) continue
    value.forEach((given, index) => {
      const place = compilation.resolveObject(given, pointer(at, index))
      const parameter =
        place === undefined ? undefined : declared(compilation, place.value, place.at)
      const size = 1 + (parameter?.allowed?.length ?? 0)
      if (parameter === undefined || !compilation.afford(size)) return
      found.set(`${parameter.in} ${parameter.name}`, parameter)
    })
  }
  return [...found.values()]
}

function declared(
  compilation: Compilation,
  given: JsonObject,
  at: Pointer
): ParameterRecord | undefined {
  const name = textMember(given, 'name')
  const place = PLACES.find(known => known === given.in)
  if (name === undefined || place === undefined) {
    compilation.report.add('PARAMETER_UNSUPPORTED', at, {
      parameter: name ?? '',
      reason: `its place is "${plainText(given.in ?? '')}"`,
      remedy: `Give it a name, and one of the places ${PLACES.join(', ')}`
    })
    return undefined
  }
  // OpenAPI says that these three are to be ignored; credentials have security schemes.
  if (place === 'header' && /^(accept|content-type|authorization)$/i.test(name)) return undefined
  if (place === 'header' && isRefusedHeader(name)) {
    compilation.report.add('PARAMETER_UNSUPPORTED', at, {
      parameter: name,
      reason: 'the header belongs to the connection',
      remedy: 'Remove the parameter'
    })
    return undefined
  }
  const content = isJsonObject(given.content) ? Object.entries(given.content) : []
  const [media] = content
  const schema = media === undefined ? given.schema : member(media[1], 'schema')
  return {
    ...plainParameter(name, place),
    ...styleOf(given, place),
    allowReserved: given.allowReserved === true,
    json: media !== undefined && takesJson(media[0]),
    required: place === 'path' || given.required === true,
    ...schemaWords(compilation, schema, at)
  }
}

function styleOf(given: JsonObject, place: ParameterPlace): { style: Style; explode: boolean } {
  const known = STYLES[place]
  const style = known.find(name => name === given.style) ?? known[0] ?? 'form'
  const explode = typeof given.explode === 'boolean' ? given.explode : style === 'form'
  return { style, explode }
}

type SchemaWords = Pick<ParameterRecord, 'kind' | 'allowed' | 'maximum' | 'default'>

function schemaWords(
  compilation: Compilation,
  schema: JsonValue | undefined,
  at: Pointer
): SchemaWords {
  const view =
    schema === undefined
      ? undefined
      : viewSchema(compilation, { schema, at: pointer(at, 'schema') })
  if (view === undefined) return { kind: 'text', allowed: null, maximum: null }
  const items =
    view.kind === 'array' && view.items !== null ? viewSchema(compilation, view.items) : undefined
  const { kind } = scalarForm(items ?? view, '')
  const { maximum } = view.node
  // A default is often written beside a reference, by `allOf` in 3.0.
  const constant = member(schema, 'default') ?? view.node.default
  const allowed = (items ?? view).allowed?.map(plainText) ?? null
  const words = { kind, allowed, maximum: typeof maximum === 'number' ? maximum : null }
  return constant === undefined || constant === null ? words : { ...words, default: constant }
}
