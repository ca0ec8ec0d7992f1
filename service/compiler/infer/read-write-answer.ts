import { plainName } from '../../base/plain-name.ts'
import type { Compilation } from '../compilation.ts'
import { isSuccess } from '../endpoint/compile-answer.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { findRecord } from './find-record.ts'
import type { ReadOperation } from './read-operations.ts'
import type { WrittenResource } from './written-resource.ts'

/** Which members of an answer the objects must have. */
const SHARE_MIN = 0.5

/** What an answer to a write says of the object. */
export type News = {
  readonly weight: number
  readonly reason: string
  /** It shows the schema of the objects. */
  readonly isSame: boolean
  /** It shows that, and says that the object is new. */
  readonly isSure: boolean
}

/**
 * An answer that only acknowledges: an empty one, or one to a body that is the whole object, if it has no lists, as a
 * search would have.
 */
export function acknowledges(
  compilation: Compilation,
  { answers }: ReadOperation,
  isWhole: boolean
): News | null {
  const successes = answers.filter(({ status }) => isSuccess(status))
  const isPlain = successes.every(({ schema }) => {
    const view = schema && viewSchema(compilation, schema)
    const members = [...(view?.properties.values() ?? [])]
    const isList = (held: SchemaView | undefined): boolean => held?.kind === 'array'
    if (!isWhole) return members.length === 0 && !isList(view)
    return !isList(view) && !members.some(each => isList(viewSchema(compilation, each)))
  })
  const news = { weight: 0, reason: 'its answer says nothing else', isSame: false, isSure: false }
  return successes.length > 0 && isPlain ? news : null
}

/** Whether two schemas are one, or two inline ones with the same members. */
function isSameSchema(one: SchemaView, other: SchemaView): boolean {
  if (one.at === other.at) return true
  const isAlike = one.properties.size > 3 && one.properties.size === other.properties.size
  return isAlike && [...one.properties.keys()].every(key => other.properties.has(key))
}

/** What an answer says of a new object; null where it says nothing. */
export function newsOf(
  compilation: Compilation,
  { answers }: ReadOperation,
  { pathWords, views, names }: WrittenResource
): News | null {
  const successes = answers.filter(({ status }) => isSuccess(status))
  const records = successes.flatMap(({ schema }) => {
    const view = schema && viewSchema(compilation, schema)
    if (view === undefined) return []
    return views.flatMap(like => findRecord(compilation, view, pathWords, like) ?? [])
  })
  const isSame = records.some(record => views.some(known => isSameSchema(known, record.view)))
  const isObject = records.some(record => {
    if (isSame) return true
    const members = [...record.view.properties.keys()]
    const shared = members.filter(name => names.has(plainName(name)))
    return shared.length > 1 && shared.length >= members.length * SHARE_MIN
  })
  const isCreated = successes.some(({ status }) => status === '201')
  if (isCreated && isObject) {
    return { weight: 0.2, reason: 'it answers 201 with the object', isSame, isSure: isSame }
  }
  if (isCreated) return { weight: 0.15, reason: 'it answers 201', isSame, isSure: false }
  if (successes.some(({ location }) => location !== undefined)) {
    return { weight: 0.15, reason: 'its answer has Location', isSame, isSure: false }
  }
  return isObject ? { weight: 0.15, reason: 'it answers the object', isSame, isSure: false } : null
}
