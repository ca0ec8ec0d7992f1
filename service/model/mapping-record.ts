/** The fields of the calling user that a parameter can take (x-flow 5). */
export const USER_FIELDS = [
  'UserID',
  'Email',
  'FirstName',
  'LastName',
  'DirectoryId',
  'DirectoryName',
  'PrimaryGroupId',
  'PrimaryGroupName',
  'RoleId',
  'RoleName'
] as const

export type UserField = (typeof USER_FIELDS)[number]

/** The criteria of the platform's list filter (protocol 7.3). */
export const CRITERIA = [
  'EQUAL',
  'NOT_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'CONTAINS',
  'STARTS_WITH',
  'ENDS_WITH',
  'IS_EMPTY'
] as const

export type Criterion = (typeof CRITERIA)[number]

/** Words for the parts of a load that a parameter can take besides conditions. */
export const LIST_WORDS = ['limit', 'offset', 'search', 'orderBy', 'direction'] as const

/** Where a parameter's value comes from (x-flow 5). */
export type Source =
  | { readonly from: 'user'; readonly field: UserField }
  /** The id asked for, or the object's external id; `part` is one part of a composite key. */
  | { readonly from: 'id'; readonly part: string | null }
  | { readonly from: (typeof LIST_WORDS)[number] }
  /** The list filter's order written into one value; `{name}` is the column's JSON name. */
  | { readonly from: 'order'; readonly ascending: string; readonly descending: string }
  /** A property of the object that is saved or deleted, by developer names from the outside in. */
  | { readonly from: 'property'; readonly path: readonly string[] }
  /** A condition of the list filter. `any`: several OR-ed equal values go as one array. */
  | {
      readonly from: 'filter'
      readonly column: string
      readonly criterion: Criterion
      readonly any: boolean
    }
  | { readonly from: 'variable'; readonly name: string }
