import type { JsonObject, JsonValue } from '../../service/base/json.ts'

/** One object of a list. */
export type Row = {
  readonly id: string | number
  readonly name: string
  readonly status: string
  readonly rank: number
}

export const STATUSES = ['open', 'closed', 'pending'] as const

/** How a request says where its page begins. */
export type Position =
  | { readonly by: 'offset'; readonly param: string; readonly first: 0 | 1 }
  | { readonly by: 'page'; readonly param: string; readonly first: 0 | 1 }
  /** `mark` is where an answer has the next cursor. */
  | { readonly by: 'cursor'; readonly param: string; readonly mark: Path }
  /** The id of the last object, or the objects after it. */
  | { readonly by: 'after'; readonly param: string }
  /** Only the front of the list can be requested. */
  | { readonly by: 'front' }
  /** Every answer has the whole list. */
  | { readonly by: 'whole' }

/** Members from the outside in. */
export type Path = readonly string[]

/** How many objects a page has. */
export type PageSize = {
  /** Null: the API decides. */
  readonly param: string | null
  /** Schema of the parameter. */
  readonly schema: JsonObject
  /** Objects in a page without a requested size. */
  readonly usual: number
  /** Most objects in a page. */
  readonly cap: number
  /** What a request for more gets. */
  readonly excess: 'capped' | 'refused'
  readonly isTaken: (size: number) => boolean
}

/** An address, or a list of links of which one has the relation `next`. */
type LinkForm = 'absolute' | 'path' | 'query' | 'name' | 'relations'

/** How an answer names the address of the next page. */
export type NextLink =
  | { readonly at: 'body'; readonly place: Path; readonly form: LinkForm }
  | {
      readonly at: 'header'
      readonly quote: string
      readonly beside: 'nothing' | 'others' | 'commas'
    }

/** A number of objects in an answer: those of the list, of the page, or of the first part of the list. */
export type Total = {
  readonly at: Path | string
  readonly of: 'list' | 'page' | 'part'
}

/**
 * A parameter `status` that narrows the list, mapped from equality. The API assumes its default where it is
 * not sent.
 */
export type StatusFilter = {
  readonly allowed: readonly string[] | null
  readonly fallback: string | null
}

/** Parameters that sort the list: `sort` and `order`, or `sort=-name`. */
export type Sorting = {
  readonly by: 'words' | 'template'
  readonly columns: readonly string[] | null
}

/** A list API, with everything that decides its answers and its document. */
export type ListApi = {
  readonly seed: number
  /** Properties that findings are counted by. */
  readonly features: readonly string[]
  readonly rows: readonly Row[]
  /** Whether the type has an id; else its names are unique. */
  readonly hasId: boolean
  /** Whether totals and sizes are written as text. */
  readonly writesText: boolean
  /** Indexes of the rows that count in pages and totals, and that the caller may not see. */
  readonly hidden: ReadonlySet<number>
  readonly position: Position
  readonly size: PageSize
  readonly link: NextLink | null
  /** Whether the document declares the parameter of the position. */
  readonly isDeclared: boolean
  /** Why a careful reader knows that pages begin at 0. */
  readonly zeroClue: 'minimum' | 'default' | 'text' | 'example' | 'words' | 'flag' | null
  readonly list: {
    readonly place: Path
    readonly isMap: boolean
    /** The member of each item that has the object; null for the item itself. */
    readonly wrapper: string | null
    /** What an answer without objects has at the place. */
    readonly empty: 'list' | 'null' | 'missing'
  }
  /** Members that are the same in every answer. */
  readonly beside: JsonObject
  readonly total: Total | null
  /** A flag: of more pages, or of the last one. */
  readonly flag: { readonly at: Path; readonly of: 'more' | 'last' } | null
  readonly pages: Path | null
  /** Where an answer repeats position and size. */
  readonly echo: { readonly position: Path | null; readonly size: Path | null }
  /** Next cursor or link of the last page; undefined leaves it out. */
  readonly end: JsonValue | undefined
  /** When a page has a next cursor or link even if nothing follows: when it is full, or always. */
  readonly isEager: boolean | 'always'
  readonly behind: 200 | 400 | 404 | 416
  /** From this row on, pages are refused in a 200. */
  readonly refusal: { readonly from: number; readonly body: JsonObject } | null
  readonly filter: StatusFilter | null
  readonly sorting: Sorting | null
  /** What the document says of an answer: all, only the way to the list, that it is an object, or nothing. */
  readonly schema: 'full' | 'places' | 'object' | 'none'
  /** How it says so. */
  readonly form: 'inline' | 'reference' | 'allOf' | 'oneOf'
  readonly version: '3.0.3' | '3.1.0'
  readonly mapping: 'nothing' | 'limit' | 'both' | 'declared'
  readonly mapsRecords: boolean
}

/** The rows that the caller may see. */
export function visibleRows({ rows, hidden }: ListApi): readonly Row[] {
  return rows.filter((_, index) => !hidden.has(index))
}

/** Sorted by a property, of which equal values keep the order of the list. */
export function sortedRows(
  rows: readonly Row[],
  column: string,
  direction: 'ASC' | 'DESC'
): readonly Row[] {
  const sign = direction === 'ASC' ? 1 : -1
  const key = (row: Row): string | number =>
    column === 'rank' ? row.rank : column === 'name' ? row.name : row.id
  return rows.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)]
    return left === right ? 0 : sign * (left < right ? -1 : 1)
  })
}

/** A copy of an object with a value at a path. */
export function withValue(
  target: JsonObject,
  [key = '', ...rest]: Path,
  value: JsonValue
): JsonObject {
  const held = target[key]
  const inner = typeof held === 'object' && held !== null && !Array.isArray(held) ? held : {}
  return {
    ...target,
    [key]: rest.length === 0 ? value : withValue(inner as JsonObject, rest, value)
  }
}

/** The API in one line. */
export function apiLine({ seed, rows, hidden, size, features }: ListApi): string {
  const shown = hidden.size === 0 ? '' : ` (${hidden.size} hidden)`
  return `seed ${seed}: ${rows.length} rows${shown}, pages of ${size.usual} up to ${size.cap}; ${features.join(', ')}`
}
