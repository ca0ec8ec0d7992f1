import { joinPath } from '../../base/dotted-path.ts'
import { nameWords } from '../../base/name-words.ts'
import { bareName } from '../../base/plain-name.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { isScalar } from '../schema/schema-view.ts'
import { viewAlternatives, viewSchema } from '../schema/view-schema.ts'
import { isBeside, isOwnId } from './find-list.ts'
import { endsLikeResource } from './resource-words.ts'

/** One object in an answer or in a body. */
export type FoundRecord = {
  /** Dotted path; blank for the whole. */
  readonly path: string
  readonly view: SchemaView
  readonly reason: string
}

/** Names of members around one object. */
const WRAPPERS = new Set(
  'data result response item payload d object entity record body content resource value results'.split(
    ' '
  )
)

/** Of these scalars beside them are about the answer, whatever they are called. */
const SURE_WRAPPERS = new Set('data result response payload item d'.split(' '))

const LEVELS_MAX = 2

/**
 * Finds the one object of an answer or body: the whole, or the only object beside metadata, in a member with a usual
 * name or that of the resource (docs/x-flow.md#inference).
 *
 * @param resource Words of the resource, in the singular.
 * @param like The schema of its objects, where it is known: a member of an answer with it is the object.
 * @returns Null where the schema shows no object.
 */
export function findRecord(
  compilation: Compilation,
  view: SchemaView,
  resource: readonly string[],
  like: SchemaView | null,
  use: 'answer' | 'body' = 'answer',
  levels = LEVELS_MAX
): FoundRecord | null {
  if (view.kind !== 'object' && view.kind !== 'mixed') return null
  const alternatives = viewAlternatives(compilation, view)
  const [first = view, another] = alternatives
  if (another !== undefined) {
    const chosen = alternatives.find(({ at }) => at === like?.at) ?? first
    return { path: '', view: chosen, reason: 'the answer is the object, or another' }
  }
  const whole = { path: '', view, reason: 'the answer is the object' }
  if (view.at === like?.at || levels === 0) return whole
  if (!compilation.afford(view.properties.size)) return whole
  const members = [...view.properties].map(([key, located]) => {
    const held = viewSchema(compilation, located)
    return { key, view: held }
  })
  const hasId = members.some(({ key }) => isOwnId(key))
  const around = members.filter(({ key, view: held }) => {
    const isObject = held?.kind === 'object' && held.properties.size > 0
    if (!isObject) return false
    if (held.at === like?.at) return true
    return WRAPPERS.has(bareName(key)) || endsLikeResource(key, resource)
  })
  const [wrapper, other] = around
  if (wrapper?.view === undefined || other !== undefined || hasId) return whole
  // A body with more than the object asks for something else.
  const isLike = use === 'answer' && wrapper.view.at === like?.at
  const isSure =
    SURE_WRAPPERS.has(bareName(wrapper.key)) ||
    nameWords(wrapper.key).join('') === resource.join('')
  const isBesideIt = (member: (typeof members)[number]): boolean =>
    member === wrapper || isBeside(member) || (isSure && isScalar(member.view))
  if (!isLike && !members.every(isBesideIt)) return whole
  const inner = findRecord(compilation, wrapper.view, resource, like, use, levels - 1)
  if (inner === null) return whole
  const own = joinPath([wrapper.key])
  return {
    path: inner.path === '' ? own : `${own}.${inner.path}`,
    view: inner.view,
    reason: `the object is in "${wrapper.key}"`
  }
}

/** The names of the members that a client may write, without those that only the API sets. */
export function writableNames(compilation: Compilation, view: SchemaView): string[] {
  return [...view.properties].flatMap(([key, located]) =>
    viewSchema(compilation, located)?.readOnly === true ? [] : [key]
  )
}
