import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../base/json.ts'
import { listFirst } from '../../base/list-first.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { isScalar } from '../schema/schema-view.ts'
import { viewAlternatives, viewItems, viewSchema } from '../schema/view-schema.ts'

/** Members of an Example Object beside its value. */
export const DESCRIBING: ReadonlySet<string> = new Set(['$ref', 'summary', 'description'])

/** A media type as the name of a member. */
const MEDIA_TYPE = /^[\w*-]+\/[\w.+*-]+(?:;|$)/

/** How many frames are taken off one example. */
const FRAMES_MAX = 3

/** Members of a schema that are compared with those of an example. */
const MEMBERS_MAX = 200

/** How many names a reason lists, and how many characters of each. */
const NAMES_MAX = 4
const NAME_MAX = 40

/** What an example is, and what of it is taken; null for a value that nothing evident can be made of. */
type Unwrapped = { readonly value: JsonValue; readonly given: string; readonly taken: string }

/**
 * Takes off an example what is evidently not part of the value, or adds what evidently lacks, each with a warning
 * (docs/x-flow.md#written-examples). Undefined, with a warning, for a value that the schema cannot have meant.
 *
 * @param due The schema of the example; undefined for none.
 */
export function unwrapExample(
  compilation: Compilation,
  given: JsonValue,
  at: Pointer,
  due: SchemaView | undefined
): JsonValue | undefined {
  const { report } = compilation
  let value = given
  for (let frames = 0; frames < FRAMES_MAX; frames++) {
    const inner = frameOff(value, due)
    if (inner === null) break
    report.add('EXAMPLE_UNWRAPPED', at, { given: inner.given, taken: inner.taken })
    value = inner.value
  }
  const fitted = fittedTo(compilation, value, due)
  if (fitted === 'as it is') return value
  if (fitted !== null) {
    report.add('EXAMPLE_UNWRAPPED', at, { given: fitted.given, taken: fitted.taken })
    return fitted.value
  }
  report.add('EXAMPLE_UNREADABLE', at, { reason: strangeness(value, due) })
  return undefined
}

/** Why a value cannot be one of its schema, with the names of both where they are objects. */
function strangeness(value: JsonValue, due: SchemaView | undefined): string {
  if (due?.kind === 'array') return 'it has nothing of the list that its schema describes'
  const names = [...(due?.properties.keys() ?? [])].map(quoted)
  const keys = isJsonObject(value) ? Object.keys(value).map(quoted) : []
  return names.length === 0 || keys.length === 0
    ? 'it has nothing of the object that its schema describes'
    : `it has ${listFirst(keys, NAMES_MAX)}, and its schema ${listFirst(names, NAMES_MAX)}`
}

function quoted(name: string): string {
  return `"${name.length > NAME_MAX ? `${name.slice(0, NAME_MAX)}…` : name}"`
}

/** The value inside of an Example Object or under its media type; null for a value without such a frame. */
function frameOff(value: JsonValue, due: SchemaView | undefined): Unwrapped | null {
  if (!isJsonObject(value)) return null
  const keys = Object.keys(value)
  const isDue = (key: string): boolean => due?.properties.has(key) === true
  const { value: inner } = value
  const isDescribed = keys.length > 1 || (due !== undefined && due.kind !== 'any')
  if (
    inner !== undefined &&
    isDescribed &&
    !keys.some(isDue) &&
    keys.every(key => key === 'value' || DESCRIBING.has(key))
  ) {
    return { value: inner, given: 'an Example Object', taken: 'its `value`' }
  }
  const areMedia = keys.length > 0 && keys.every(key => MEDIA_TYPE.test(key) && !isDue(key))
  const media = areMedia ? (keys.find(key => key.includes('json')) ?? keys[0]) : undefined
  const under = media === undefined ? undefined : value[media]
  return under === undefined || media === undefined
    ? null
    : { value: under, given: 'a map of media types', taken: `what is under "${media}"` }
}

/** How a value becomes one of the schema; null where it evidently is none. */
function fittedTo(
  compilation: Compilation,
  value: JsonValue,
  due: SchemaView | undefined
): Unwrapped | 'as it is' | null {
  if (value === null || due === undefined || refuses(value)) return 'as it is'
  if (due.kind === 'array') return asList(compilation, value, due)
  return due.kind === 'object' ? asObject(compilation, value, due) : 'as it is'
}

/** Whether a value says that a call was refused (docs/x-flow.md#refusals-in-a-2xx): its author wants a refusal. */
function refuses(value: JsonValue): boolean {
  return ['ok', 'Ok', 'success', 'Success'].some(flag => member(value, flag) === false)
}

function asList(
  compilation: Compilation,
  value: JsonValue,
  due: SchemaView
): Unwrapped | 'as it is' | null {
  const item = viewItems(compilation, due)
  if (item === undefined || item.kind === 'any' || item.kind === 'mixed') {
    return isJsonArray(value) || isJsonObject(value) ? 'as it is' : null
  }
  if (isJsonArray(value)) return isListOf(compilation, value, item) ? 'as it is' : null
  if (!isJsonObject(value)) {
    return isScalar(item) ? { value: [value], given: 'one value', taken: 'a list of it' } : null
  }
  if (isOf(compilation, value, item)) {
    return { value: [value], given: 'one object', taken: 'a list of it' }
  }
  const lists = Object.entries(value).filter(
    ([, held]) => isJsonArray(held) && held.length > 0 && isListOf(compilation, held, item)
  )
  const [list, another] = lists
  return list === undefined || another !== undefined
    ? null
    : { value: list[1], given: 'an object around the list', taken: `its "${list[0]}"` }
}

function asObject(
  compilation: Compilation,
  value: JsonValue,
  due: SchemaView
): Unwrapped | 'as it is' | null {
  if (!isJsonObject(value) && !isJsonArray(value)) return null
  const isOwn = isJsonArray(value)
    ? value.length === 0 || isListOf(compilation, value, due)
    : isOf(compilation, value, due)
  // A list of the objects stands for several of them.
  if (isOwn && !(isJsonArray(value) && value.length === 0)) return 'as it is'
  const [lists, singles] = [true, false].map(isList =>
    places(compilation, due).filter(({ view, item }) => {
      if (isList !== (item !== undefined)) return false
      const inner = item ?? view
      return isJsonArray(value)
        ? isListOf(compilation, value, inner)
        : isOf(compilation, value, inner)
    })
  )
  const best = (isJsonArray(value) ? [lists, singles] : [singles, lists]).find(each => each?.length)
  const [place, another] = best ?? []
  if (place !== undefined && another === undefined) {
    const held = isJsonArray(value) || place.item === undefined ? value : [value]
    const given = isJsonArray(value) ? 'the bare list' : 'a bare object'
    return { value: { [place.key]: held }, given, taken: `an object with it as "${place.key}"` }
  }
  if (isJsonArray(value)) return isOwn ? 'as it is' : null
  const inside = Object.entries(value).filter(([, held]) =>
    isJsonArray(held)
      ? held.length > 0 && isListOf(compilation, held, due)
      : isJsonObject(held) && isOf(compilation, held, due)
  )
  const [inner, other] = inside
  return inner === undefined || other !== undefined
    ? null
    : { value: inner[1], given: 'an object around the value', taken: `its "${inner[0]}"` }
}

type Held = {
  readonly key: string
  readonly view: SchemaView
  /** Of a list: its items. */
  readonly item: SchemaView | undefined
}

/** The objects and lists of objects that an object has as members. */
function places(compilation: Compilation, { properties }: SchemaView): Held[] {
  return [...properties].slice(0, MEMBERS_MAX).flatMap(([key, located]): Held[] => {
    const view = viewSchema(compilation, located)
    if (view?.kind === 'object' && membersIn(compilation, view).size > 0) {
      return [{ key, view, item: undefined }]
    }
    const item = view && viewItems(compilation, view)
    return view !== undefined && item?.kind === 'object' ? [{ key, view, item }] : []
  })
}

/** Whether items of a list are of a schema: objects with a member of it, or scalars. */
function isListOf(compilation: Compilation, list: readonly JsonValue[], item: SchemaView): boolean {
  const isObject = item.kind === 'object'
  const filled = list.filter(each => each !== null)
  if (!isObject) return filled.every(each => (item.kind === 'array') === isJsonArray(each))
  const objects = filled.filter(isJsonObject)
  return filled.length === 0 || objects.some(each => isOf(compilation, each, item))
}

/** Whether an object has a member of a schema, or may have any. */
function isOf(compilation: Compilation, value: JsonObject, view: SchemaView): boolean {
  if (view.kind !== 'object') return view.kind === 'any' || view.kind === 'mixed'
  const names = membersIn(compilation, view)
  const isOpen = names.size === 0 || view.mapValues !== null
  return isOpen || Object.keys(value).length === 0 || [...names].some(key => hasMember(value, key))
}

function hasMember(value: JsonObject, key: string): boolean {
  return member(value, key) !== undefined
}

/** The members that a schema or one of its choices declares. */
function membersIn(compilation: Compilation, view: SchemaView): ReadonlySet<string> {
  return new Set(
    viewAlternatives(compilation, view).flatMap(({ properties }) => [...properties.keys()])
  )
}
