import { isBesideObjects, isNamedLike } from '../../model/list-names.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewAlternatives, viewItems, viewSchema } from '../schema/view-schema.ts'

/** The objects that an answer shows. */
export type ShownObjects = {
  readonly view: SchemaView
  readonly isList: boolean
  /** The answer is the list. */
  readonly isRoot: boolean
}

/** Names of members that hold the objects of an answer, whatever these are. */
const USUAL = new Set(
  'data items results result records rows value values content entries list objects elements response payload hits'.split(
    ' '
  )
)

const LEVELS_MAX = 2

/**
 * Finds what an answer is about by its schema alone: the only list of objects, in a member with a usual name, one like
 * the path, or beside nothing but scalars; else its object, without a member that wraps it.
 *
 * @param isOne The path ends with the id of one object, so that lists in the answer are its parts.
 * @returns Null where the schema shows no object with properties.
 */
export function findObjects(
  compilation: Compilation,
  view: SchemaView,
  path: string,
  isOne: boolean
): ShownObjects | null {
  const items = viewItems(compilation, view)
  if (items !== undefined) return shown(items, true, true)
  const [held = view] = viewAlternatives(compilation, view)
  const list = isOne ? null : findList(compilation, held, path, LEVELS_MAX)
  return list ?? findOne(compilation, held)
}

function findList(
  compilation: Compilation,
  view: SchemaView,
  path: string,
  levels: number
): ShownObjects | null {
  if (view.kind !== 'object' || levels === 0 || !compilation.afford(view.properties.size))
    return null
  const word = path.split('/').findLast(part => part !== '' && !part.includes('{')) ?? ''
  const usual: ShownObjects[] = []
  const others: ShownObjects[] = []
  const inner: SchemaView[] = []
  let objects = 0
  for (const [key, located] of view.properties) {
    if (isBesideObjects(key, word)) continue
    const held = viewSchema(compilation, located)
    if (held === undefined) continue
    const isUsual = USUAL.has(key.toLowerCase()) || isNamedLike(key, word) || isNamedLike(word, key)
    const items = viewItems(compilation, held)
    const list = items === undefined ? null : shown(items, true, false)
    if (list !== null) (isUsual ? usual : others).push(list)
    if (held.kind === 'object') objects++
    if (held.kind === 'object' && isUsual) inner.push(held)
  }
  const [list] = usual
  if (list !== undefined) return list
  const deeper = inner.map(held => findList(compilation, held, path, levels - 1)).find(Boolean)
  if (deeper !== undefined) return deeper
  // What has an id is an object, whose list is a part of it.
  const [other] = others
  const isOnly = others.length === 1 && objects === 0 && !view.properties.has('id')
  return other !== undefined && isOnly ? other : null
}

/** The object without a member that wraps it, such as `data`. */
function findOne(compilation: Compilation, view: SchemaView): ShownObjects | null {
  const objects = [...view.properties].flatMap(([key, located]) => {
    if (isBesideObjects(key, '')) return []
    const held = viewSchema(compilation, located)
    return held === undefined ? [] : [held]
  })
  const [only] = objects
  if (objects.length === 1 && only?.kind === 'object' && only.properties.size > 0) {
    return shown(only, false, false)
  }
  return shown(view, false, false)
}

function shown(view: SchemaView, isList: boolean, isRoot: boolean): ShownObjects | null {
  return view.kind === 'object' && view.properties.size > 0 ? { view, isList, isRoot } : null
}
