import type { FilterGroup, ListFilter } from '../types.ts'

/**
 * What of a list filter its API does not take, so that it is evaluated over the objects that the API
 * gives (x-flow 5.1). Columns are spelled as the type spells them.
 */
export type RestFilter = {
  /** Conditions and OR-ed groups that must all hold. */
  readonly where: FilterGroup
  /** A text that one of the columns must contain, else one of all of plain text; null for none. */
  readonly search: { readonly text: string; readonly columns: readonly string[] } | null
  /** Blank where the API's own order is kept. */
  readonly order: ListFilter['order']
  /** External ids that the flow provides, of which an object must have one; null for any. */
  readonly providedIds: ReadonlySet<string> | null
}
