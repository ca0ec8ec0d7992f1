import { randomUUID } from 'node:crypto'

import type { RowSave } from '../operations/row-target.ts'

/** A row to be sent. */
export type GroupedRow<Row> = {
  readonly row: Row
  readonly save: RowSave
  /** The request in which it was sent before; null for none. */
  readonly call: string | null
}

/** Rows of one request. */
export type RowGroup<Row> = {
  readonly rows: readonly GroupedRow<Row>[]
  /** Its idempotency key. */
  readonly call: string
}

/**
 * Groups rows into requests: neighbours that may share one, up to as many as it takes. Rows that were sent before come
 * together as they were then, because an idempotency key is that of one content.
 *
 * @param openOf How many rows of an earlier request are to be sent again.
 */
export async function* groupRows<Row>(
  rows: AsyncIterable<GroupedRow<Row>>,
  openOf: (call: string) => number
): AsyncGenerator<RowGroup<Row>, void, undefined> {
  const again = new Map<string, GroupedRow<Row>[]>()
  let open: GroupedRow<Row>[] = []
  for await (const row of rows) {
    const { call, save } = row
    if (call !== null) {
      const all = [...(again.get(call) ?? []), row]
      again.set(call, all)
      if (all.length < openOf(call)) continue
      again.delete(call)
      yield { rows: all, call }
      continue
    }
    const [first] = open
    const isAlike = first?.save.group === save.group && open.length < save.groupMax
    if (first !== undefined && !isAlike) {
      yield { rows: open, call: randomUUID() }
      open = []
    }
    open.push(row)
    if (open.length < save.groupMax) continue
    yield { rows: open, call: randomUUID() }
    open = []
  }
  if (open.length > 0) yield { rows: open, call: randomUUID() }
  for (const [call, all] of again) yield { rows: all, call }
}
