import Type, { type TSchema } from 'typebox'

import { isJsonArray, isJsonObject, member, textMember } from '../base/json.ts'

/** Values that are looked at in one step. */
const STEP_VALUES = 2_000

/** The members that a schema knows of a value: by name, and of the items of a list. */
type Known = {
  readonly members: ReadonlyMap<string, () => Known>
  readonly item: (() => Known) | null
  /** The schema says nothing of the value, which stays as it is. */
  readonly isOpen: boolean
}

const OPEN: Known = { members: new Map(), item: null, isOpen: true }

/** A value that is looked at, and the next item of a list. */
type Open = { readonly known: Known; readonly value: unknown; at: number }

/** `$defs` by name. */
type Definitions = Map<string, () => Known>

/**
 * Drops the members that the schema of a body does not know, in place and step by step, so that nothing is kept
 * that is not read.
 *
 * @returns A step; true at the end.
 */
export function dropUnknown(schema: TSchema, body: unknown): () => boolean {
  const open: Open[] = [{ known: knownBy(schema), value: body, at: 0 }]
  return () => {
    for (let left = STEP_VALUES; left > 0; left--) {
      const next = open.at(-1)
      if (next === undefined) return true
      const { known, value } = next
      if (isJsonArray(value) && known.item !== null && next.at < value.length) {
        const item = value[next.at++]
        if (typeof item === 'object') open.push({ known: known.item(), value: item, at: 0 })
        continue
      }
      open.pop()
      if (known.isOpen || !isJsonObject(value)) continue
      for (const name of Object.keys(value)) {
        const inner = known.members.get(name)
        if (inner === undefined) Reflect.deleteProperty(value, name)
        else if (typeof value[name] === 'object') {
          open.push({ known: inner(), value: value[name], at: 0 })
        }
      }
    }
    return false
  }
}

const read = new WeakMap<TSchema, Known>()

function knownBy(schema: TSchema): Known {
  const known = read.get(schema) ?? readKnown(schema, new Map())
  read.set(schema, known)
  return known
}

function readKnown(schema: TSchema, definitions: Definitions): Known {
  for (const [name, inner] of schemasOf(schema, '$defs')) {
    definitions.set(name, lazily(inner, definitions))
  }
  const reference = textMember(schema, '$ref')
  if (reference !== undefined) return definitions.get(reference)?.() ?? OPEN
  const choices = member(schema, 'anyOf')
  if (isJsonArray(choices)) {
    const all = choices.flatMap(choice =>
      Type.IsSchema(choice) ? [readKnown(choice, definitions)] : []
    )
    return {
      members: new Map(all.flatMap(({ members }) => [...members])),
      item: all.find(({ item }) => item !== null)?.item ?? null,
      isOpen: false
    }
  }
  const items = member(schema, 'items')
  const type = member(schema, 'type')
  return {
    members: new Map(
      schemasOf(schema, 'properties').map(([name, inner]) => [name, lazily(inner, definitions)])
    ),
    item: Type.IsSchema(items) ? lazily(items, definitions) : null,
    isOpen: type === undefined
  }
}

function lazily(schema: TSchema, definitions: Definitions): () => Known {
  let known: Known | undefined
  return () => (known ??= readKnown(schema, definitions))
}

function schemasOf(schema: TSchema, keyword: string): (readonly [string, TSchema])[] {
  return Object.entries(member(schema, keyword) ?? {}).flatMap(([name, inner]) =>
    Type.IsSchema(inner) ? [[name, inner] as const] : []
  )
}
