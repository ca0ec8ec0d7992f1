/** The beginning of a page, as it is sent to the API. */
export type PagePosition =
  | { readonly at: 'start' }
  | { readonly at: 'offset' | 'page'; readonly value: number }
  | { readonly at: 'cursor' | 'link'; readonly value: string }

/** Whether two pages begin at one position. */
export function isSamePosition(a: PagePosition, b: PagePosition): boolean {
  return a.at === b.at && (a.at === 'start' || (b.at !== 'start' && a.value === b.value))
}
