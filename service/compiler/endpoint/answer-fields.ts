import { joinPath, splitPath } from '../../base/dotted-path.ts'
import { bareName } from '../../base/plain-name.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewAlternatives, viewSchema } from '../schema/view-schema.ts'
import { walkMembers } from '../schema/walk-members.ts'
import type { DeclaredAnswer } from './types.ts'

/** A member of an answer, or a header, that may say how a list is paged. */
export type AnswerField = {
  /** Dotted path, or `header:<name>`. */
  readonly path: string
  /** As `bareName` writes it. */
  readonly name: string
  readonly kind: SchemaView['kind'] | 'link' | 'header'
}

/** An object of an answer. */
type Holder = { readonly view: SchemaView; readonly path: string; readonly name: string }

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
  const enter = (view: SchemaView, path: string, name: string): Holder[] =>
    viewAlternatives(compilation, view).map(held => ({ view: held, path, name }))
  walkMembers(compilation, root ? enter(root, '', '') : [], (above, key, located) => {
    const held = viewSchema(compilation, located)
    if (held === undefined) return []
    const own = joinPath([key])
    const path = above.path === '' ? own : `${above.path}.${own}`
    const name = bareName(key)
    const isLink = LINK_MEMBERS.includes(name) && above.name.startsWith('next')
    const isTotal = name === 'value' && above.name === 'total'
    const kind = isLink || LINK_FORMATS.includes(held.format) ? 'link' : held.kind
    fields.push({ path, name: isLink || isTotal ? above.name : name, kind })
    return enter(held, path, name)
  })
  const headers = (answer?.headers ?? []).map(given => ({
    path: `header:${given}`,
    name: bareName(given).replace(/^x(ms)?/, ''),
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
    kind === 'header' ? Number.POSITIVE_INFINITY : splitPath(path).length
  const [found] = fitting.toSorted(
    (a, b) => depth(a) - depth(b) || names.indexOf(a.name) - names.indexOf(b.name)
  )
  return found?.path ?? null
}
