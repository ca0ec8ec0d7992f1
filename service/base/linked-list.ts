/** An item of at most one list, between two others. */
export type Linked<T> = { before: T | undefined; after: T | undefined }

/** Items in the order in which they were appended. Appending and removing take constant time. */
export type LinkedList<T> = { first: T | undefined; last: T | undefined }

export function append<T extends Linked<T>>(list: LinkedList<T>, item: T): void {
  item.before = list.last
  item.after = undefined
  if (list.last === undefined) list.first = item
  else list.last.after = item
  list.last = item
}

/** Removes an item of this list. */
export function detach<T extends Linked<T>>(list: LinkedList<T>, item: T): void {
  const { before, after } = item
  if (before === undefined) list.first = after
  else before.after = after
  if (after === undefined) list.last = before
  else after.before = before
  item.before = undefined
  item.after = undefined
}
