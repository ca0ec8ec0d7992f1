import type { Catalog, CatalogEndpoint, CatalogSchema } from '../../model/catalog.ts'
import { shownText } from '../shown-text.ts'

/** Widest cell but the last one. Longer texts are shown whole, and shift what follows. */
const WIDTH_MAX = 50

/** Most characters of a line of description. */
const LINE_MAX = 100

/** Ways to authenticate at an endpoint that are listed. */
const ALTERNATIVES_SHOWN = 3

const HEAD = ['METHOD', 'PATH', 'TAKES', 'ANSWERS', 'NEEDS', 'NOTES']

/** Writes a catalog for people: a table for each collection, with a line for each endpoint. */
export function renderCatalog({ service, collections, endpoints, counts }: Catalog): string {
  const byCollection = Map.groupBy(endpoints, ({ collection }) => collection)
  const rows = new Map(endpoints.map(endpoint => [endpoint, cellsOf(endpoint)]))
  const widths = HEAD.map((head, index) => {
    const lengths = [...rows.values()].map(cells => cells[index]?.length ?? 0)
    const widest = lengths.reduce((most, length) => Math.max(most, length), head.length)
    return Math.min(widest, WIDTH_MAX)
  })
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd()
  const tables = collections.map(({ name, displayName, description }) => {
    const title = displayName === name ? name : `${name} (${displayName})`
    const held = byCollection.get(name) ?? []
    const lines = held.map(endpoint => line(rows.get(endpoint) ?? []))
    const table = held.length === 0 ? ['  no endpoints'] : [line(HEAD), ...lines]
    return [withFirstLine(title, description), ...table].join('\n')
  })
  const version = service.version === null ? '' : ` ${service.version}`
  const named = service.name === service.title ? '' : `${service.name}: `
  return [
    [
      withFirstLine(`${named}${service.title}${version}`, service.description),
      `${counted(counts.collections, 'collection')}, ${counted(counts.endpoints, 'endpoint')}, ${counted(counts.fields, 'field')} of requests and responses`
    ].join('\n'),
    ...tables
  ].join('\n\n')
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function withFirstLine(title: string, description: string | null): string {
  const [first = ''] = (description ?? '').trim().split('\n', 1)
  const words = first.length > LINE_MAX ? `${first.slice(0, LINE_MAX).toWellFormed()}…` : first
  return shownText(words.trim() === '' ? title : `${title} — ${words.trim()}`)
}

function cellsOf(endpoint: CatalogEndpoint): string[] {
  const { method, path, request, response, parameters, auth } = endpoint
  const body = request?.from === 'body' ? [schemaWords(request)] : []
  const given = parameters.length === 0 ? [] : [counted(parameters.length, 'parameter')]
  return [
    method,
    path,
    [...body, ...given].join(', ') || '-',
    response === null ? '-' : `${response.status} ${schemaWords(response)}`,
    needsWords(auth),
    noteWords(endpoint)
  ].map(shownText)
}

function schemaWords({ schema, isList, fields, mediaType }: CatalogSchema): string {
  if (schema === null && fields.length === 0) return mediaType ?? 'nothing'
  const held = schema ?? counted(fields.length, 'field')
  return isList ? `list of ${held}` : held
}

function needsWords(auth: CatalogEndpoint['auth']): string {
  const words = auth.map(schemes => schemes.map(({ scheme }) => scheme).join(' + ') || 'nothing')
  const more = words.length - ALTERNATIVES_SHOWN
  const shown = [...words.slice(0, ALTERNATIVES_SHOWN), ...(more > 0 ? [`${more} more`] : [])]
  return shown.join(' or ') || '-'
}

function noteWords({ deprecated, pagination, flow }: CatalogEndpoint): string {
  const mappings = flow.map(({ verb, type }) => `${verb} of ${type}`)
  return [
    ...(deprecated ? ['deprecated'] : []),
    ...(pagination === null ? [] : [`paged by ${pagination.type.replace('_', ' ')}`]),
    ...mappings
  ].join(', ')
}
