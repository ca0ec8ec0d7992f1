import type { TypeRecord } from '../model/type-record.ts'
import { mappingKeys } from '../model/type-record.ts'
import type { ComparedModel, Versions } from './compared-model.ts'
import type { Recognition } from './pair-renamed.ts'
import { pairRenamed } from './pair-renamed.ts'

/** Properties of a type that are compared. */
const COMPARED_MAX = 100

/** Share of equal properties from which two types are alike, and the least number of them. */
const SHARE_FROM = 0.6
const SHARED_FROM = 2

/** A named type without its derived ones, the endpoints of its mappings, and its properties by content and name. */
type Root = {
  readonly type: TypeRecord
  readonly endpoints: ReadonlySet<string>
  readonly properties: ReadonlySet<string>
}

/**
 * The named type that a derived one (`Parent:prop`) belongs to; the type itself if it is named.
 *
 * @param types Those of its document.
 */
export function rootOf(name: string, types: ReadonlySet<string>): string {
  for (let at = name.indexOf(':'); at !== -1; at = name.indexOf(':', at + 1)) {
    const above = name.slice(0, at)
    if (types.has(above)) return above
  }
  return name
}

/**
 * Finds types that have another name in the newer version: of the same schema, of the same endpoints, or of the same
 * properties. Types derived from them go with them. A step reads one type.
 */
export function* findRenamedTypes({
  old,
  now,
  before,
  after
}: Pick<Versions, 'old' | 'now' | 'before' | 'after'>): Generator<
  undefined,
  ReadonlyMap<string, string>
> {
  const gone = yield* rootsWithout(old, before, after)
  const added = yield* rootsWithout(now, after, before)
  const pairs = [...pairRenamed(gone, added, RECOGNITION)]
  const roots = new Map(pairs.map(([was, is]) => [was.type.name, is.type.name]))
  const renamed = new Map(roots)
  for (const name of before) {
    const root = rootOf(name, before)
    const newRoot = root === name ? undefined : roots.get(root)
    const newName = newRoot === undefined ? name : newRoot + name.slice(root.length)
    if (newName !== name && after.has(newName)) renamed.set(name, newName)
  }
  return renamed
}

function* rootsWithout(
  model: ComparedModel,
  names: ReadonlySet<string>,
  others: ReadonlySet<string>
): Generator<undefined, readonly Root[]> {
  const roots: Root[] = []
  for (const name of names) {
    if (others.has(name) || rootOf(name, names) !== name) continue
    yield
    const type = model.types.get(name)
    if (type === undefined) continue
    const keys = Object.keys(type.mappings).flatMap(verb => mappingKeys(type, verb))
    const endpoints = new Set(keys.flatMap(key => model.mappings.get(key)?.endpoint ?? []))
    roots.push({ type, endpoints, properties: propertiesOf(type) })
  }
  return roots
}

const RECOGNITION: Recognition<Root> = { keyOf: ({ type }) => type.pointer, likenessOf: likeness }

function likeness(gone: Root, added: Root): number {
  const share = shareOf(gone.properties, added.properties)
  const isSameApi = [...gone.endpoints].some(endpoint => added.endpoints.has(endpoint))
  return isSameApi ? (1 + share) / 2 : share
}

/** The share of equal properties, as far as there are enough of them. */
function shareOf(gone: ReadonlySet<string>, added: ReadonlySet<string>): number {
  const shared = gone.intersection(added).size
  const share = shared / Math.max(gone.size, added.size, 1)
  return shared >= SHARED_FROM && share >= SHARE_FROM ? share : 0
}

function propertiesOf({ properties }: TypeRecord): ReadonlySet<string> {
  const compared = properties.slice(0, COMPARED_MAX)
  return new Set(compared.map(({ name, content }) => `${content} ${name}`))
}
