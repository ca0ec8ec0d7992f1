import type { JsonObject } from '../base/json.ts'
import { percentDecoded } from '../base/percent-encoding.ts'
import { trimTrailing } from '../base/trim-trailing.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { BindingRecord } from '../model/mapping-record.ts'
import type { ScalarKind, TypeRecord } from '../model/type-record.ts'
import { compositeId, compositeParts } from '../objects/external-id.ts'
import { flowText } from '../objects/scalar-text.ts'
import { findProperty } from '../objects/type-lookup.ts'

/** An endpoint with the id of an object in its path, and what fills its parameters. */
export type ObjectEndpoint = {
  readonly endpoint: Pick<EndpointRecord, 'path' | 'parameters'>
  readonly bindings: readonly BindingRecord[]
}

/** A parameter in a path template. */
type Hole = {
  readonly kind: ScalarKind
  /** What it holds: the `id`, a `part` of a composite key, or something else. */
  readonly holds: 'id' | { readonly part: string } | null
}

/** A segment of a path template: the texts before, between and after its holes. */
type Segment = { readonly texts: readonly string[]; readonly holes: readonly Hole[] }

/**
 * The external id in a URL that names an object as an endpoint of its type does
 * (docs/x-flow.md#what-a-save-returns). Host, query, fragment and a slash at the end do not count.
 *
 * @param server Base URL of the endpoint.
 * @param sent The object under the API's names: it has the parts of a composite key that no path has.
 * @returns Null if the path does not match, or has no id that fits the kind of its parameter.
 */
export function idInLocation(
  place: ObjectEndpoint,
  type: TypeRecord,
  server: URL,
  location: URL,
  sent: JsonObject
): string | null {
  const base = trimTrailing(server.pathname, '/')
  if (!location.pathname.startsWith(`${base}/`)) return null
  const given = trimTrailing(location.pathname.slice(base.length), '/').split('/')
  const template = templateOf(place, type)
  if (given.length !== template.length) return null
  const parts = new Map<string, string>()
  let id: string | null = null
  for (const [index, segment] of template.entries()) {
    const values = valuesIn(segment, given[index] ?? '')
    if (values === undefined) return null
    for (const [at, { kind, holds }] of segment.holes.entries()) {
      if (holds === null) continue
      const text = flowText(kind, values[at] ?? null)
      if (text === null) return null
      if (holds === 'id') id = text
      else parts.set(holds.part, text)
    }
  }
  const { identity } = type
  if (identity.composite === null) return id
  if (id !== null) return compositeParts(id, identity) === undefined ? null : id
  return parts.size === 0 ? null : (compositeId(identity, sent, parts) ?? null)
}

function templateOf({ endpoint, bindings }: ObjectEndpoint, type: TypeRecord): Segment[] {
  const parameters = boundParameters(endpoint, bindings)
  // A `#` and what follows it only tells operations apart.
  const [path = ''] = endpoint.path.split(/[?#]/, 1)
  const segments = trimTrailing(path.startsWith('/') ? path : `/${path}`, '/').split('/')
  return segments.map(segment => {
    // Every second piece is the name of a parameter.
    const pieces = segment.split(/\{([^{}]*)\}/)
    const named = pieces
      .filter((_, at) => at % 2 === 1)
      .map(name => parameters.find(given => given.in === 'path' && given.name === name))
    const texts = pieces.filter((_, at) => at % 2 === 0)
    return {
      texts: texts.map((text, at) => (percentDecoded(text) ?? text) + stylePrefix(named[at])),
      holes: named.map(parameter => holeOf(type, parameter))
    }
  })
}

/** What precedes the value of a parameter of that style (RFC 6570 3.2). */
function stylePrefix(parameter: BoundParameter | undefined): string {
  if (parameter?.style === 'label') return '.'
  return parameter?.style === 'matrix' ? `;${parameter.name}=` : ''
}

function holeOf(type: TypeRecord, parameter: BoundParameter | undefined): Hole {
  const kind = parameter?.kind ?? 'text'
  for (const source of parameter?.sources ?? []) {
    if (source.from === 'id') {
      return { kind, holds: source.part === null ? 'id' : { part: source.part } }
    }
    const [name = '', inner] = source.from === 'property' ? source.path : []
    const key = inner === undefined ? (findProperty(type, name)?.key ?? null) : null
    if (key !== null) return { kind, holds: keyRole(type, key) }
  }
  return { kind, holds: null }
}

/** What a property is to the external id of its type. */
function keyRole({ identity: { composite, candidates } }: TypeRecord, key: string): Hole['holds'] {
  const isKey = (path: readonly string[] | undefined): boolean =>
    path?.length === 1 && path[0] === key
  const part = composite?.find(({ path }) => isKey(path))?.part
  if (part !== undefined) return { part }
  return composite === null && isKey(candidates[0]) ? 'id' : null
}

/** The values of the holes of a segment; undefined if it does not match, or a value is blank. */
function valuesIn({ texts, holes }: Segment, segment: string): string[] | undefined {
  const [first = '', ...others] = texts
  const text = percentDecoded(
    texts.some(given => given.includes(';')) ? segment : withoutAppended(segment)
  )
  if (text === undefined || !text.startsWith(first)) return undefined
  if (holes.length === 0) return text === first ? [] : undefined
  const values: string[] = []
  let at = first.length
  for (const [index, after] of others.entries()) {
    const isLast = index === others.length - 1
    const end = isLast ? text.length - after.length : text.indexOf(after, at)
    if (end <= at || !text.startsWith(after, end)) return undefined
    values.push(text.slice(at, end))
    at = end + after.length
  }
  return values.some(value => value.trim() === '') ? undefined : values
}

/** Removes parameters such as `;jsessionid=…`, which servers append to a segment. */
function withoutAppended(segment: string): string {
  const at = segment.indexOf(';')
  return at !== -1 && segment.includes('=', at) ? segment.slice(0, at) : segment
}
