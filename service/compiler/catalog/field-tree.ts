import type { Pointer } from '../../base/json-pointer.ts'
import { plainText } from '../../base/json.ts'
import { uniqueNames } from '../../base/unique-names.ts'
import type { CatalogField, CatalogSchema } from '../../model/catalog.ts'
import type { Compilation } from '../compilation.ts'
import type { LocatedSchema, SchemaView } from '../schema/schema-view.ts'
import { viewItems, viewSchema } from '../schema/view-schema.ts'
import { alternativesOf, dataTypeOf, displayOf, schemaName } from './data-type.ts'
import { shortText } from './short-text.ts'

/** Most fields of a catalog, and most characters of their texts. */
const FIELDS_MAX = 100_000
const TEXT_MAX = 10_000_000

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

type Member = { readonly name: string; readonly view: SchemaView; readonly isRequired: boolean }

/** A schema whose members are still to come. */
type OpenSchema = {
  readonly view: SchemaView
  readonly around: Around | null
  readonly take: (fields: FieldDraft[]) => void
  readonly cut: (reason: NonNullable<CatalogField['cut']>) => void
}

export function createFieldTree(compilation: Compilation): FieldTree {
  const open: OpenSchema[] = []
  let [count, characters, left] = [0, 0, 0]

  const add = ({ name, view, isRequired }: Member, around: Around | null): FieldDraft => {
    const draft = fieldOf(compilation, name, view, isRequired)
    count++
    characters += charactersOf(draft)
    if (!isCompound(view)) return draft
    const take = (fields: FieldDraft[]): void => {
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
    if (entered.some(({ at }) => isAround(at, around))) return cut('cycle')
    const depth = (around?.depth ?? 0) + 1
    const inside = entered.reduce<Around | null>(
      (above, { at }) => ({ at, depth, around: above }),
      around
    )
    const members = membersOf(compilation, view)
    if (members.length === 0) return
    if (depth > DEPTH_MAX || count + members.length > FIELDS_MAX || characters > TEXT_MAX) {
      left += members.length
      return cut('size')
    }
    take(members.map(member => add(member, inside)))
  }
  return {
    field(name, view, isRequired) {
      if (view !== undefined) return add({ name, view, isRequired }, null)
      count++
      const untyped = { dataType: 'UNKNOWN', dataTypeDisplay: 'OBJECT' } as const
      return { name: name.slice(0, NAME_MAX), ...untyped, ...(isRequired && { required: true }) }
    },
    fill(schema, view) {
      const type = dataTypeOf(view)
      if (isCompound(view)) {
        const take = (fields: FieldDraft[]): void => {
          schema.fields = fields
        }
        const cut: OpenSchema['cut'] = () => {
          schema.cut = 'size'
        }
        open.push({ view, around: null, take, cut })
      } else if (type !== 'UNKNOWN' && type !== 'NULL') {
        schema.fields = [add({ name: 'value', view, isRequired: true }, null)]
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
    return held === undefined ? [] : [{ name, view: held, isRequired: false }]
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
      const alternatives = alternativesOf(compilation, view).map(held => ({
        name: takeName(schemaName(held) ?? held.title ?? dataTypeOf(held)),
        view: held,
        isRequired: false
      }))
      return [...propertiesOf(compilation, view), ...alternatives]
    }
    default:
      return propertiesOf(compilation, view)
  }
}

function propertiesOf(compilation: Compilation, view: SchemaView): Member[] {
  const required = new Set(view.required)
  return [...view.properties].flatMap(([name, located]) => {
    const held = viewSchema(compilation, located)
    return held === undefined ? [] : [{ name, view: held, isRequired: required.has(name) }]
  })
}

function fieldOf(
  compilation: Compilation,
  name: string,
  view: SchemaView,
  isRequired: boolean
): FieldDraft {
  const description = shortText(view.description, DESCRIPTION_MAX)
  const allowed = view.allowed?.slice(0, ALLOWED_MAX).map(value => plainText(value).slice(0, NAME_MAX))
  return {
    name: name.slice(0, NAME_MAX),
    dataType: dataTypeOf(view),
    dataTypeDisplay: displayOf(compilation, view),
    ...(description !== null && { description }),
    ...(isRequired && { required: true }),
    ...(view.nullable && { nullable: true }),
    ...(view.readOnly && { readOnly: true }),
    ...(view.writeOnly && { writeOnly: true }),
    ...(view.keywords.deprecated === true && { deprecated: true }),
    ...(allowed !== undefined && { allowed })
  }
}

function charactersOf({ name, dataTypeDisplay, description = '', allowed = [] }: FieldDraft): number {
  const listed = allowed.reduce((sum, value) => sum + value.length, 0)
  return name.length + dataTypeDisplay.length + description.length + listed
}
