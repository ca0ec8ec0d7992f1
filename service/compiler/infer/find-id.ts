import { joinPath } from '../../base/dotted-path.ts'
import { nameWords } from '../../base/name-words.ts'
import { bareName } from '../../base/plain-name.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { isScalar } from '../schema/schema-view.ts'
import { viewAlternatives, viewSchema } from '../schema/view-schema.ts'
import { withoutResource } from './resource-words.ts'

/** The member of an object whose value goes into the path of one. */
export type FoundId = { readonly path: string; readonly score: number; readonly reason: string }

/** The parameter that ends a path, and what it is about. */
export type IdParameter = {
  readonly name: string
  /** In lower case; blank for none. */
  readonly description: string
  /** Several sets of words that mean the resource: of the path, of the schema. */
  readonly resources: readonly (readonly string[])[]
  /** Its schema takes texts. */
  readonly isText: boolean
  /** Their `id` is an address, and `name` stands in paths, as of Azure's resources. */
  readonly byName: boolean
}

/** Names that identify, the likeliest first. */
const KEYS = 'id uuid guid gid sid key slug code number'.split(' ')

/** Names of members that stand for `username`. */
const USER_NAMES = ['login', 'handle', 'nickname', 'screenname', 'user', 'name']

/** Members in which some APIs keep what identifies an object. */
const HOLDERS = new Set(['metadata', 'sys', 'meta', 'identity'])

type Scalar = { readonly path: string; readonly name: string; readonly isNumber: boolean }

/**
 * Finds the id of an object by the parameter that ends its path (docs/x-flow.md#inference): the member of the same
 * name, the same without the resource's word, one with its ending, else `id`.
 *
 * @returns Null where nothing fits.
 */
export function findId(
  compilation: Compilation,
  view: SchemaView,
  parameter: IdParameter
): FoundId | null {
  const own = ownScalars(compilation, view)
  const inner = [...view.properties].flatMap(([key, located]) => {
    const held = viewSchema(compilation, located)
    const isHolder = held?.kind === 'object' && HOLDERS.has(bareName(key))
    return isHolder ? scalarsOf(compilation, held, key) : []
  })
  const wrapped = ofOnlyObject(compilation, view)
  return (
    findNamed(own, parameter) ??
    findNamed(inner, parameter) ??
    findLike(own, parameter) ??
    findUsual(own, parameter) ??
    findUsual(inner, parameter) ??
    (wrapped === null ? null : within(wrapped.key, findId(compilation, wrapped.view, parameter)))
  )
}

/** The id of an object of which no path takes one: by its usual names, or with the resource's word before it. */
export function findUsualId(
  compilation: Compilation,
  view: SchemaView,
  resources: readonly (readonly string[])[]
): FoundId | null {
  const own = ownScalars(compilation, view)
  const ofResource = resources.map(resource => `${resource.join('')}id`)
  const found = first(own, [...KEYS.slice(0, 4), ...ofResource, ...KEYS.slice(4, 7)])
  return found === undefined ? null : id(found, 0.6, `"${found.name}" usually identifies`)
}

/** A member of the parameter's own name, or of the remainder without the resource's word. */
function findNamed(scalars: readonly Scalar[], parameter: IdParameter): FoundId | null {
  const { name, resources } = parameter
  // `idOrName` takes either.
  const [, one, other] = /^(\w{1,60}?)(?:Or(?=[A-Z])|_or_)(\w{1,60})$/.exec(name) ?? []
  const own = bareName(name)
  const exact = scalars.find(({ path }) => path.split('.').at(-1) === name)
  if (exact !== undefined) return id(exact, 0.95, `the path takes "${name}"`)
  const same = scalars.find(scalar => scalar.name === own)
  if (one !== undefined && other !== undefined && same === undefined) {
    return (
      findNamed(scalars, { ...parameter, name: one }) ??
      findNamed(scalars, { ...parameter, name: other })
    )
  }
  if (same !== undefined) return id(same, 0.93, `the path takes "${name}"`)
  for (const resource of resources) {
    const rest = withoutResource(name, resource)
    const found = rest === null ? undefined : scalars.find(scalar => scalar.name === rest)
    if (found !== undefined)
      return id(found, 0.9, `"${name}" is "${rest}" of ${resource.join(' ')}`)
  }
  return null
}

/** A member that has the parameter's name behind the resource's word, or that ends like it. */
function findLike(
  scalars: readonly Scalar[],
  { name, description, resources, isText }: IdParameter
): FoundId | null {
  const own = bareName(name)
  for (const resource of resources) {
    const longer = scalars.find(scalar => scalar.name === resource.join('') + own)
    if (longer !== undefined) return id(longer, 0.88, `"${name}" of ${resource.join(' ')}`)
  }
  const isResource = resources.some(
    resource => resource.join('') === own || resource.at(-1) === own
  )
  if (isResource) {
    const saysId = /\b(ids?|identifiers?)\b/.test(description)
    // A text does not go into a number.
    const isOther = isText && scalars.some(scalar => scalar.name === 'id' && scalar.isNumber)
    const isName = !saysId && (isOther || /\bnames?\b/.test(description))
    const order = isName ? ['name', 'fullname', ...KEYS] : [...KEYS, 'name']
    const found = first(scalars, order)
    if (found !== undefined) return id(found, 0.75, `the path takes one ${own}`)
  }
  if (own === 'username' || own === 'userlogin') {
    const found = first(scalars, USER_NAMES)
    if (found !== undefined) return id(found, 0.65, `"${found.name}" is a name of users`)
  }
  if (own === 'index') {
    const found = first(scalars, ['number', 'index', 'position'])
    if (found !== undefined) return id(found, 0.65, `"${found.name}" counts the objects`)
  }
  const ending = KEYS.filter(key => own.length > key.length && own.endsWith(key))
  const found = first(scalars, ending)
  return found === undefined ? null : id(found, 0.75, `"${name}" ends with "${found.name}"`)
}

/** The usual id; a parameter that is a name means something else. */
function findUsual(scalars: readonly Scalar[], { name, byName }: IdParameter): FoundId | null {
  const named = byName ? first(scalars, ['name']) : undefined
  if (named !== undefined) return id(named, 0.8, 'objects of this kind are known by name')
  const words = nameWords(name)
  if (words.at(-1) === 'name' || bareName(name).endsWith('name')) {
    const hasAll = ['id', 'name', 'type'].every(key => scalars.some(scalar => scalar.name === key))
    const found = hasAll ? first(scalars, ['name']) : undefined
    return found === undefined
      ? null
      : id(found, 0.7, 'objects with an id, a name and a type are known by name')
  }
  const found = first(scalars, KEYS.slice(0, 7))
  return found === undefined ? null : id(found, 0.6, `"${found.name}" usually identifies`)
}

/** The only member of an object, if it is an object: `{ user: { … } }`. */
function ofOnlyObject(
  compilation: Compilation,
  { properties }: SchemaView
): { readonly key: string; readonly view: SchemaView } | null {
  const [entry, another] = properties
  const view = entry && another === undefined ? viewSchema(compilation, entry[1]) : undefined
  return entry !== undefined && view?.kind === 'object' && view.properties.size > 1
    ? { key: entry[0], view }
    : null
}

function within(key: string, found: FoundId | null): FoundId | null {
  return found && { ...found, path: `${joinPath([key])}.${found.path}` }
}

/** The scalars of an object; of a choice those of its first form. */
function ownScalars(compilation: Compilation, view: SchemaView): Scalar[] {
  const [form = view] = view.properties.size > 0 ? [view] : viewAlternatives(compilation, view)
  return scalarsOf(compilation, form, '')
}

function scalarsOf(compilation: Compilation, view: SchemaView, holder: string): Scalar[] {
  if (!compilation.afford(view.properties.size)) return []
  return [...view.properties].flatMap(([key, located]) => {
    const held = viewSchema(compilation, located)
    if (!isScalar(held) || held.writeOnly || held.kind === 'boolean') return []
    const own = joinPath([key])
    const path = holder === '' ? own : `${joinPath([holder])}.${own}`
    const isNumber = held.kind === 'integer' || held.kind === 'number'
    return [{ path, name: bareName(key), isNumber }]
  })
}

function first(scalars: readonly Scalar[], names: readonly string[]): Scalar | undefined {
  return names
    .map(name => scalars.find(scalar => scalar.name === name))
    .find(scalar => scalar !== undefined)
}

function id({ path }: Scalar, score: number, reason: string): FoundId {
  return { path, score, reason }
}
