import type { MappingRecord } from '../model/mapping-record.ts'
import type { PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { compositeParts } from '../objects/external-id.ts'
import { flowText } from '../objects/scalar-text.ts'
import type { FilterGroup, ListFilter } from './types.ts'

/**
 * The texts of the custom properties that every object of a load has, because they fed its parameters
 * (docs/x-flow.md#x-flow-type): conditions of equality that a parameter takes, and the parts of a composite id. By
 * property name; undefined for none.
 */
export function knownValues(
  type: TypeRecord,
  { bindings }: Pick<MappingRecord, 'bindings'>,
  filter: Pick<ListFilter, 'id' | 'where'>
): ReadonlyMap<string, string> | undefined {
  const customs = type.properties.filter(
    ({ custom, content }) => custom && content !== 'ContentPassword'
  )
  if (customs.length === 0) return undefined
  const known = new Map<string, string>()
  if (filter.id !== null) {
    const parts = compositeParts(filter.id, type.identity) ?? {}
    for (const { name } of customs) {
      const part = Object.hasOwn(parts, name) ? parts[name] : undefined
      if (part !== undefined) known.set(name, part)
    }
    return known
  }
  const fed = customs.filter(({ name }) =>
    bindings.some(({ sources }) =>
      sources.some(
        source => source.from === 'filter' && source.column === name && source.criterion === 'EQUAL'
      )
    )
  )
  collect(fed, filter.where, known)
  return known
}

/** Keeps the values that all conditions together ask for. */
function collect(
  fed: readonly PropertyRecord[],
  { join, conditions, groups }: FilterGroup,
  known: Map<string, string>
): void {
  if (join === 'OR' && conditions.length + groups.length > 1) return
  for (const { column, criterion, value } of conditions) {
    const property = fed.find(({ name }) => name.toLowerCase() === column.toLowerCase())
    if (property?.value.form !== 'scalar' || criterion !== 'EQUAL') continue
    const text = flowText(property.value.kind, value)
    if (text !== null) known.set(property.name, text)
  }
  for (const group of groups) collect(fed, group, known)
}
