import type { ListFilter } from '../types.ts'

/** The filter of a load of all objects of a type. */
export const EVERY_OBJECT: ListFilter = {
  id: null,
  where: { join: 'AND', conditions: [], groups: [] },
  order: [],
  search: null,
  searchColumns: [],
  limit: 0,
  offset: 0,
  offsetToken: null,
  providedIds: null
}
