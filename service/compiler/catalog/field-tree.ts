import type { Pointer } from '../../base/json-pointer.ts'
import { plainText } from '../../base/json.ts'
import { uniqueNames } from '../../base/unique-names.ts'
import type { CatalogField, CatalogSchema } from '../../model/catalog.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import { alternativesOf, dataTypeOf, displayOf, schemaName } from './data-type.ts'
import type { Texts } from './short-text.ts'
import { shortText } from './short-text.ts'

/** Most fields of a catalog, and most characters of them without their descriptions. */
const FIELDS_MAX = 200_000
const CHARACTERS_MAX = 20_000_000

/** How deeply fields nest. */
const DEPTH_MAX = 30

/** Most characters of the name and the description of a field, and most values that it lists. */
const NAME_MAX = 1_000
const DESCRIPTION_MAX = 2_000
const ALLOWED_MAX = 100

type Draft<T> = { -readonly [key in keyof T]: T[key] }

/** A field whose children are still to come. */
export type FieldDraft = Draft<CatalogField>

/** The fields of all schemas of a catalog. They are complete after `grow`. */
export type FieldTree = {
  /** A field of its own: a parameter. */
  field(name: string, view: SchemaView | undefined, isRequired: boolean): FieldDraft
  /** Gives a body or an answer its fields: those of the items of a list, `value` of a scalar. */
  fill(schema: Draft<Pick<CatalogSchema, 'fields' | 'cut'>>, view: SchemaView): void
  /**
   * Completes all fields, the outer ones of all schemas before the inner ones: what is too much for a catalog is what
   * lies deepest.
   *
   * @returns How many fields there are, and how many were left out, without what is inside these.
   */
  grow(): { readonly count: number; readonly left: number }
}

/** The schemas around a field, the innermost first. */
type Around = { readonly at: Pointer; readonly depth: number; readonly around: Around | null }

/** A field without children. */
type Member = {
  readonly view: SchemaView
  readonly field: CatalogField
  /** The same without its description. */
  readonly bare: CatalogField
  readonly characters: number
  readonly isCompound: boolean
}

/** A schema whose members are still to come. */
type OpenSchema = {
  readonly view: SchemaView
  readonly around: Around | null
  readonly take: (fields: readonly CatalogField[]) => void
  readonly cut: (reason: NonNullable<CatalogField['cut']>) => void
}

export function createFieldTree(compilation: Compilation, texts: Texts): FieldTree {
  const open: OpenSchema[] = []
  const known = new Map<SchemaView, readonly Member[]>()
  let [count, characters, left] = [0, 0, 0]

  const membersIn = (view: SchemaView): readonly Member[] => {
    const members = known.get(view) ?? membersOf(compilation, view)
    known.set(view, members)
    return members
  }
  /** Counts a field. One without children may be the same wherever its schema is. */
  const add = (member: Member): CatalogField => {
    const { field, bare } = member
    count++
    characters += member.characters
    return texts.afford(field.description?.length ?? 0) ? field : bare
  }
  const addOpen = (member: Member, around: Around | null): FieldDraft => {
    const { view } = member
    const draft: FieldDraft = { ...add(member) }
    if (!member.isCompound) return draft
    const take: OpenSchema['take'] = fields => {
      if (fields.length > 0) draft.children = fields
    }
    const cut: OpenSchema['cut'] = reason => {
      draft.cut = reason
    }
    open.push({ view, around, take, cut })
    return draft
  }
  const expand = ({ view, around, take, cut }: OpenSchema): void => {
    // The fields of a list of objects are those of an object.
    const item = viewItems(compilation, view)
    const entered = item !== undefined && isRecord(item) ? [view, item] : [view]
    if (entered.some(({ at }) => isAround(at, around))) {
      cut('cycle')
      return
    }
    const depth = (around?.depth ?? 0) + 1
    const inside = entered.reduce<Around | null>(
      (above, { at }) => ({ at, depth, around: above }),
      around
    )
    const members = membersIn(view)
    if (members.length === 0) return
    const isFull = count + members.length > FIELDS_MAX || characters > CHARACTERS_MAX
    if (isFull || depth > DEPTH_MAX) {
      left += members.length
      cut('size')
      return
    }
    take(members.map(member => (member.isCompound ? addOpen(member, inside) : add(member))))
  }
  return {
    field(name, view, isRequired) {
      if (view !== undefined) return addOpen(memberOf(compilation, name, view, isRequired), null)
      count++
      const untyped = { dataType: 'UNKNOWN', dataTypeDisplay: 'OBJECT' } as const
      return { name: name.slice(0, NAME_MAX), ...untyped, ...(isRequired && { required: true }) }
    },
    fill(schema, view) {
      const type = dataTypeOf(view)
      if (isCompound(view)) {
        const take: OpenSchema['take'] = fields => {
          schema.fields = fields
        }
        const cut: OpenSchema['cut'] = () => {
          schema.cut = 'size'
        }
        open.push({ view, around: null, take, cut })
      } else if (type !== 'UNKNOWN' && type !== 'NULL') {
        schema.fields = [add(memberOf(compilation, 'value', view, true))]
      }
    },
    grow() {
      // It gets longer while it is walked.
      for (const schema of open) expand(schema)
      open.length = 0
      return { count, left }
    }
  }
}

function isCompound(view: SchemaView): boolean {
  return ['RECORD', 'ARRAY', 'MAP', 'UNION'].includes(dataTypeOf(view))
}

function isRecord(view: SchemaView): boolean {
  return dataTypeOf(view) === 'RECORD'
}

function isAround(at: Pointer, innermost: Around | null): boolean {
  for (let each = innermost; each !== null; each = each.around) if (each.at === at) return true
  return false
}

/** What is inside a schema: properties, then alternatives; `item` of a list, `value` of a map. */
function membersOf(compilation: Compilation, view: SchemaView): Member[] {
  const only = (name: string, located: LocatedSchema | null): Member[] => {
    const held = located === null ? undefined : viewSchema(compilation, located)
    return held === undefined ? [] : [memberOf(compilation, name, held, false)]
  }
  switch (dataTypeOf(view)) {
    case 'ARRAY': {
      const item = viewItems(compilation, view)
      if (item !== undefined && isRecord(item)) return propertiesOf(compilation, item)
      return only('item', view.items)
    }
    case 'MAP':
      return only('value', view.mapValues)
    case 'UNION': {
      const takeName = uniqueNames()
      const alternatives = alternativesOf(compilation, view).map(held => {
        const name = takeName(schemaName(held) ?? held.title ?? dataTypeOf(held))
        return memberOf(compilation, name, held, false)
      })
      // Members of a list of types are those of the object among them.
      const isSplit = view.choices.length + view.alternatives.length === 0
      return [...(isSplit ? [] : propertiesOf(compilation, view)), ...alternatives]
    }
    default:
      return propertiesOf(compilation, view)
  }
}

function propertiesOf(compilation: Compilation, view: SchemaView): Member[] {
  const required = new Set(view.required)
  return [...view.properties].flatMap(([name, located]) => {
    const held = viewSchema(compilation, located)
    return held === undefined ? [] : [memberOf(compilation, name, held, required.has(name))]
  })
}

function memberOf(
  compilation: Compilation,
  name: string,
  view: SchemaView,
  isRequired: boolean
): Member {
  const description = shortText(view.description, DESCRIPTION_MAX)
  const bare = bareField(compilation, name, view, isRequired)
  const listed = bare.allowed?.reduce((sum, value) => sum + value.length, 0) ?? 0
  return {
    view,
    field: description === null ? bare : { ...bare, description },
    bare,
    characters: bare.name.length + bare.dataTypeDisplay.length + listed,
    isCompound: isCompound(view)
  }
}

function bareField(
  compilation: Compilation,
  name: string,
  view: SchemaView,
  isRequired: boolean
): CatalogField {
  const allowed = view.allowed
    ?.slice(0, ALLOWED_MAX)
    .map(value => plainText(value).slice(0, NAME_MAX))
  return {
    name: name.slice(0, NAME_MAX),
    dataType: dataTypeOf(view),
    dataTypeDisplay: displayOf(compilation, view),
    ...(isRequired && { required: true }),
    ...(view.nullable && { nullable: true }),
    ...(view.readOnly && { readOnly: true }),
    ...(view.writeOnly && { writeOnly: true }),
    ...(view.keywords.deprecated === true && { deprecated: true }),
    ...(allowed !== undefined && { allowed })
  }
}
