import type { DatabaseSync } from 'node:sqlite'

/** The members of an object of a fake API. */
export type Members = { [name: string]: unknown }

/** The objects of a fake API, of several kinds, in the order in which they were created. */
export type ObjectTable = {
  add(kind: string, id: string, members: Members): Members
  get(kind: string, id: string): Members | undefined
  /** Replaces the members of an object. */
  put(kind: string, id: string, members: Members): Members
  remove(kind: string, id: string): void
  all(kind: string): Members[]
}

/** SQL of the table. */
export const OBJECT_TABLE =
  'CREATE TABLE objects (seq INTEGER PRIMARY KEY, kind TEXT, id TEXT, members TEXT, UNIQUE (kind, id))'

export function objectTable(store: DatabaseSync): ObjectTable {
  const read = ({ members }: { [column: string]: unknown }): Members => JSON.parse(String(members))
  return {
    add(kind, id, members) {
      store
        .prepare('INSERT INTO objects (kind, id, members) VALUES (?, ?, ?)')
        .run(kind, id, JSON.stringify(members))
      return members
    },
    get(kind, id) {
      const row = store
        .prepare('SELECT members FROM objects WHERE kind = ? AND id = ?')
        .get(kind, id)
      return row === undefined ? undefined : read(row)
    },
    put(kind, id, members) {
      store
        .prepare('UPDATE objects SET members = ? WHERE kind = ? AND id = ?')
        .run(JSON.stringify(members), kind, id)
      return members
    },
    remove: (kind, id) =>
      void store.prepare('DELETE FROM objects WHERE kind = ? AND id = ?').run(kind, id),
    all: kind =>
      store.prepare('SELECT members FROM objects WHERE kind = ? ORDER BY seq').all(kind).map(read)
  }
}
