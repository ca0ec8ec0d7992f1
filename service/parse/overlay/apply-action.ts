import type { Pointer } from '../../base/json-pointer.ts'
import { pointer, pointerTo } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject } from '../../base/json.ts'
import type { EditedTree, Path, Sourced } from './edited-tree.ts'
import type { FindTargets, Targets } from './find-targets.ts'
import type { OverlayAction } from './overlay.ts'
import type { ActionFault } from './read-action.ts'

/** What became of an action: what of it could not be done, and whether there was anything to do. */
export type ActionOutcome = {
  readonly faults: readonly ActionFault[]
  readonly found: number
  /** The member that a target that matches nothing likely meant. */
  readonly near?: string
}

/** Counts a value that is added inside of what stands at a path, before it is. @throws What ends the overlays. */
export type Admit = (given: JsonValue, path: Path) => void

/** What all actions share. */
export type ActionPorts = { readonly admit: Admit; readonly find: FindTargets }

/** Faults that are told of one action. */
const FAULTS_MAX = 20

/** The kinds of values between which updates differ. */
type Kind = 'object' | 'array' | 'scalar'

const NAMES: { readonly [kind in Kind]: string } = {
  object: 'an object',
  array: 'a list',
  scalar: 'a single value'
}

/**
 * Applies an action to each value at its target, as far as that is possible (Overlay 1.1.0, 4.4.3).
 *
 * @param minor The second number of the version of its overlay.
 */
export function applyAction(
  tree: EditedTree,
  action: OverlayAction,
  minor: number,
  { admit, find }: ActionPorts
): ActionOutcome {
  const { at, target, change } = action
  const refuse = (fault: string, where: Pointer, found = 1): ActionOutcome => {
    return { faults: [{ fault, at: where }], found }
  }
  const targetAt = pointer(at, 'target')
  const targets = find(target, tree.root())
  if ('fault' in targets) return refuse(targets.fault, targetAt)
  const { paths, near } = targets
  if (paths.length === 0) return { faults: [], found: 0, ...(near !== undefined && { near }) }
  if (change.kind === 'remove') {
    const isRoot = paths.some(path => path.length === 0)
    if (isRoot) return refuse('the document itself cannot be removed', targetAt)
    removeAll(tree, paths)
    return { faults: [], found: paths.length }
  }
  const given =
    change.kind === 'update'
      ? { value: change.value, from: pointer(at, 'update') }
      : copied(tree, find(change.path, tree.root()))
  if ('fault' in given) return refuse(given.fault, pointer(at, 'copy'), paths.length)
  const kinds = new Set(paths.map(path => kindOf(tree.get(path).value)))
  if (kinds.size > 1) {
    const words = [...kinds].map(kind => NAMES[kind]).join(' and ')
    return refuse(`its target is ${words}, which one update cannot change`, targetAt)
  }
  if (minor === 0 && kinds.has('scalar')) {
    const fault =
      'its target is a single value, which needs `overlay: 1.1.0`; update the object that has it'
    return refuse(fault, targetAt)
  }
  const faults: ActionFault[] = []
  const tell: Merging['tell'] = (fault, from) => {
    // What is copied stands in the document, and is right there.
    const where = change.kind === 'copy' ? pointer(at, 'copy') : from
    if (faults.length < FAULTS_MAX) faults.push({ fault, at: where })
  }
  for (const path of paths) mergeAt({ tree, admit, tell }, path, given)
  return { faults, found: paths.length }
}

/** Takes all values at some paths away, the inner ones first. */
function removeAll(tree: EditedTree, paths: readonly Path[]): void {
  const holders = new Map<string, { readonly path: Path; readonly keys: Set<string | number> }>()
  for (const whole of paths) {
    const [path, key] = [whole.slice(0, -1), whole.at(-1)]
    if (key === undefined) continue
    const id = JSON.stringify(path)
    const holder = holders.get(id) ?? { path, keys: new Set() }
    holders.set(id, holder)
    holder.keys.add(key)
  }
  const innerFirst = [...holders.values()].toSorted((a, b) => b.path.length - a.path.length)
  for (const { path, keys } of innerFirst) tree.remove(path, keys)
}

/** The only value that a JSONPath selects, as it is now. */
function copied(tree: EditedTree, found: Targets): Sourced | { readonly fault: string } {
  if ('fault' in found) return found
  const [first, second] = found.paths
  if (first === undefined) return { fault: 'there is nothing to copy' }
  if (second !== undefined) {
    return { fault: `there are ${found.paths.length} values to copy, and only one can be copied` }
  }
  tree.freeze()
  return tree.get(first)
}

type Merging = {
  readonly tree: EditedTree
  readonly admit: Admit
  /** @param from Where the text of the value stands that cannot be merged. */
  readonly tell: (fault: string, from: Pointer) => void
}

/** Merges a value into what stands at a path. */
function mergeAt(merging: Merging, path: Path, given: Sourced): void {
  const { tree, admit, tell } = merging
  const { value: held } = tree.get(path)
  const [kind, other] = [kindOf(held), kindOf(given.value)]
  // A member without a value keeps what is there, as in the example of a structured overlay.
  if (given.value === null && kind !== 'scalar') return
  if (kind === 'array') {
    const items = other === 'array' ? tree.held(given).map(([, item]) => item) : [given]
    for (const { value } of items) admit(value, path)
    if (items.length > 0) tree.append(path, items)
  } else if (kind !== other) {
    const place = `#${pointerTo('', path)}`
    tell(`${NAMES[other]} cannot be merged into ${NAMES[kind]}, which is at ${place}`, given.from)
  } else if (isJsonObject(held)) {
    for (const [key, inner] of tree.held(given)) {
      if (Object.hasOwn(held, key)) {
        mergeAt(merging, [...path, key], inner)
      } else {
        admit(inner.value, [...path, key])
        tree.set(path, key, inner)
      }
    }
  } else {
    const key = path.at(-1)
    if (key !== undefined) tree.set(path.slice(0, -1), key, given)
  }
}

function kindOf(value: JsonValue): Kind {
  if (isJsonArray(value)) return 'array'
  return isJsonObject(value) ? 'object' : 'scalar'
}
