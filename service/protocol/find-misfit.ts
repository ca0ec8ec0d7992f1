import Type, { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

import { isJsonArray, member, textMember } from '../base/json.ts'

/** A place where a value does not fit its schema. */
export type Misfit = {
  /** Names and indexes that lead there. */
  readonly path: readonly (string | number)[]
  /** What may stand there, in words. */
  readonly expected: readonly string[]
}

/** Gives the first place, in the order of the schema, where a value does not fit; null for none. */
export type MisfitFinder = (value: unknown) => Misfit | null

type Fault = ReturnType<ReturnType<typeof Compile>['Errors']>[number]

/** Finders of `$defs`, by name; each is made when it is first needed, as they refer to themselves. */
type Definitions = Map<string, () => MisfitFinder>

const KINDS: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list'
}

/**
 * Makes what finds misfits of a schema's values, in time that grows with the value and no faster:
 * TypeBox's own list of errors takes seconds for a body of a megabyte. Follows `properties`, `items`,
 * `anyOf`, `$defs` and `$ref`; all other words it takes as they are checked.
 */
export function createMisfitFinder(schema: TSchema): MisfitFinder {
  return finderOf(schema, new Map())
}

function finderOf(schema: TSchema, definitions: Definitions): MisfitFinder {
  for (const [name, inner] of membersOf(schema, '$defs')) {
    let made: MisfitFinder | undefined
    definitions.set(name, () => (made ??= finderOf(inner, definitions)))
  }
  const reference = textMember(schema, '$ref')
  if (reference !== undefined) return value => definitions.get(reference)?.()(value) ?? null
  const choices = member(schema, 'anyOf')
  if (isJsonArray(choices)) {
    return anyOf(
      choices.flatMap(choice => (Type.IsSchema(choice) ? [finderOf(choice, definitions)] : []))
    )
  }
  return inDepth(schema, definitions)
}

/** The misfit of the choice that was meant: the one that fits the deepest. */
function anyOf(finders: readonly MisfitFinder[]): MisfitFinder {
  return value => {
    const misfits: Misfit[] = []
    for (const find of finders) {
      const misfit = find(value)
      if (misfit === null) return null
      misfits.push(misfit)
    }
    const depth = Math.max(...misfits.map(({ path }) => path.length))
    const deepest = misfits.filter(({ path }) => path.length === depth)
    const expected = new Set(deepest.flatMap(misfit => misfit.expected))
    return { path: deepest[0]?.path ?? [], expected: [...expected] }
  }
}

/** A value itself first, then what is in it. */
function inDepth(schema: TSchema, definitions: Definitions): MisfitFinder {
  const members = membersOf(schema, 'properties').map(
    ([name, inner]) => [name, finderOf(inner, definitions)] as const
  )
  const items = member(schema, 'items')
  const findInItem = Type.IsSchema(items) ? finderOf(items, definitions) : () => null
  const itself = Compile(withoutInner(schema))
  return value => {
    if (!itself.Check(value)) {
      return { path: [], expected: itself.Errors(value).flatMap(allowedBy) }
    }
    if (isJsonArray(value)) {
      for (const [index, item] of value.entries()) {
        const misfit = findInItem(item)
        if (misfit !== null) return { ...misfit, path: [index, ...misfit.path] }
      }
    }
    for (const [name, find] of members) {
      const inner = member(value, name)
      const misfit = inner === undefined ? null : find(inner)
      if (misfit !== null) return { ...misfit, path: [name, ...misfit.path] }
    }
    return null
  }
}

/** The schemas that a word of a schema holds, by their names. */
function membersOf(schema: TSchema, word: string): (readonly [string, TSchema])[] {
  return Object.entries(member(schema, word) ?? {}).flatMap(([name, inner]) =>
    Type.IsSchema(inner) ? [[name, inner] as const] : []
  )
}

function withoutInner(schema: TSchema): TSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(([word]) => !['properties', 'items', '$defs'].includes(word))
  )
}

function allowedBy(fault: Fault): readonly string[] {
  switch (fault.keyword) {
    case 'type':
      return [fault.params.type].flat().map(type => KINDS[type] ?? type)
    case 'minimum':
      return [`a whole number from ${fault.params.limit} on`]
    case 'maximum':
      return [`a whole number up to ${fault.params.limit}`]
    default:
      return [fault.message]
  }
}
