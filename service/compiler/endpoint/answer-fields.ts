import { splitPath } from '../../base/dotted-path.ts'
import { pagingName } from '../../model/paging-names.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewAlternatives, viewSchema } from '../schema/view-schema.ts'
import type { DeclaredAnswer } from './types.ts'

/** A member of an answer, or a header, that may say how a list is paged. */
export type AnswerField = {
  /** Dotted path, or `header:<name>`. */
  readonly path: string
  /** As `pagingName` writes it. */
  readonly name: string
  readonly kind: SchemaView['kind'] | 'link' | 'header'
}

/** How deep into an answer's schema, and how many members. */
const DEPTH_MAX = 4
const FIELDS_MAX = 500

/** Formats of addresses. */
const LINK_FORMATS = ['uri', 'url', 'uri-reference', 'iri', 'iri-reference']

/** Members of an object that is a link. */
const LINK_MEMBERS = ['href', 'url', 'uri', 'link']

/** The scalar members of an answer outside of its lists, the least nested first, then its headers. */
export function answerFields(
  compilation: Compilation,
  answer: DeclaredAnswer | undefined
): AnswerField[] {
  const fields: AnswerField[] = []
  const root = answer?.schema && viewSchema(compilation, answer.schema)
  const open = root === undefined ? [] : [{ view: root, path: '', name: '', depth: 0 }]
  for (const { view, path: above, name: holder, depth } of open) {
    for (const { properties } of viewAlternatives(compilation, view)) {
      for (const [key, located] of properties) {
        const held = viewSchema(compilation, located)
        if (held === undefined || fields.length + open.length > FIELDS_MAX) continue
        const own = key.replaceAll('.', '\\.')
        const path = above === '' ? own : `${above}.${own}`
        const name = pagingName(key)
        const isLink = LINK_MEMBERS.includes(name) && holder.startsWith('next')
        const isTotal = name === 'value' && holder === 'total'
        const kind = isLink || LINK_FORMATS.includes(held.format) ? 'link' : held.kind
        fields.push({ path, name: isLink || isTotal ? holder : name, kind })
        if (depth + 1 < DEPTH_MAX) open.push({ view: held, path, name, depth: depth + 1 })
      }
    }
  }
  const headers = (answer?.headers ?? []).map(given => ({
    path: `header:${given}`,
    name: pagingName(given).replace(/^x(ms)?/, ''),
    kind: 'header' as const
  }))
  return [...fields, ...headers]
}

/** The path of the field of one of the names, the least nested first, then the first name. */
export function fieldNamed(
  fields: readonly AnswerField[],
  names: readonly string[],
  kinds: readonly AnswerField['kind'][]
): string | null {
  const fitting = fields.filter(({ kind, name }) => kinds.includes(kind) && names.includes(name))
  const depth = ({ path, kind }: AnswerField): number =>
    kind === 'header' ? DEPTH_MAX + 1 : splitPath(path).length
  const [found] = fitting.toSorted(
    (a, b) => depth(a) - depth(b) || names.indexOf(a.name) - names.indexOf(b.name)
  )
  return found?.path ?? null
}
