import type { PropertyRecord, ScalarKind } from '../../model/type-record.ts'
import { flowText } from '../../objects/scalar-text.ts'
import { findValue } from '../../objects/type-lookup.ts'
import type { FlowObject, FlowProperty } from '../../objects/types.ts'
import type { SortKey } from './compare-values.ts'
import { folded, sortKey } from './compare-values.ts'
import { isBlank } from './filter-columns.ts'

/** Reads the values of one column. What is made of a value is computed once for each object. */
export type ColumnValues = {
  readonly property: PropertyRecord
  /** The kind of a scalar; null for objects and lists. */
  readonly kind: ScalarKind | null
  /** The normalized text of a scalar; null for no value, blank text, objects and lists. */
  text(object: FlowObject): string | null
  /** The text in the form in which parts of it are found. */
  folded(object: FlowObject): string
  /** What the text is compared by; null without text. */
  key(object: FlowObject): SortKey | null
  /** Whether there is neither text nor an object. */
  isEmpty(object: FlowObject): boolean
}

/** What was read of the last object. */
type LastValue = {
  readonly object: FlowObject | null
  readonly held: FlowProperty | undefined
  readonly text: string | null
  folded: string | null
  key: SortKey | null
}

const NOTHING: LastValue = { object: null, held: undefined, text: null, folded: null, key: null }

/** @param index Where the property mostly stands in an object. */
export function columnValues(property: PropertyRecord, index: number): ColumnValues {
  const kind = property.value.form === 'scalar' ? property.value.kind : null
  let last = NOTHING

  function read(object: FlowObject): LastValue {
    if (last.object === object) return last
    const likely = object.properties[index]
    const held = likely?.developerName === property.name ? likely : findValue(object, property)
    const text = textOf(property, held?.contentValue ?? null)
    last = { object, held, text, folded: null, key: null }
    return last
  }

  return {
    property,
    kind,
    text: object => read(object).text,
    folded(object) {
      const value = read(object)
      value.folded ??= folded(value.text ?? '')
      return value.folded
    },
    key(object) {
      const value = read(object)
      if (kind === null || value.text === null) return null
      value.key ??= sortKey(kind, value.text)
      return value.key
    },
    isEmpty(object) {
      const { text, held } = read(object)
      return text === null && (held?.objectData ?? []).length === 0
    }
  }
}

/** Normalizes a text to the kind of a property; null for no value, blank text, objects and lists. */
export function textOf({ value: form }: PropertyRecord, given: string | null): string | null {
  if (given === null) return null
  const text = form.form === 'scalar' ? flowText(form.kind, given) : null
  return isBlank(text) ? null : text
}
