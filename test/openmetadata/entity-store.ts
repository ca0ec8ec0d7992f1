import { randomUUID } from 'node:crypto'
import type { SQLOutputValue } from 'node:sqlite'
import { DatabaseSync } from 'node:sqlite'

import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonObject, jsonEqual } from '../../service/base/json.ts'

/** The kinds of entities, as the paths of a server name them. */
export type EntityKind = 'apiServices' | 'apiCollections' | 'apiEndpoints'

/** A page of a list. */
export type EntityPage = {
  readonly data: readonly JsonObject[]
  readonly total: number
  /** Where the next page begins; null for the last one. */
  readonly after: string | null
}

export type ListQuery = {
  /** Full name of a service or a collection. */
  readonly parent: string | null
  readonly include: 'non-deleted' | 'deleted' | 'all'
  readonly limit: number
  readonly after: string | null
}

/**
 * The state of a server, in SQLite. An entity is shown with `id`, `fullyQualifiedName`, `version` and `deleted` beside the
 * members of its requests.
 */
export type EntityStore = {
  find(kind: EntityKind, fullName: string): JsonObject | undefined
  findById(kind: EntityKind, id: string): JsonObject | undefined
  /** Creates or changes an entity. */
  put(
    kind: EntityKind,
    fullName: string,
    members: JsonObject
  ): { readonly entity: JsonObject; readonly isNew: boolean }
  /** Changes some members. */
  change(kind: EntityKind, fullName: string, members: JsonObject): JsonObject | undefined
  /** Deletes an entity softly, or brings it back, with all below it. */
  mark(kind: EntityKind, id: string, isDeleted: boolean): JsonObject | undefined
  list(kind: EntityKind, query: ListQuery): EntityPage
  /** All entities, as `kind name version`, with `deleted` at the end where they are. */
  lines(): string[]
  close(): void
}

type Row = Record<string, SQLOutputValue>

/** Members that stay when a request leaves them out, as people may have written them. */
const KEPT = ['displayName', 'description', 'tags', 'owners']

const SHOWN = { 'non-deleted': 'deleted = 0', deleted: 'deleted = 1', all: 'true' } as const

export function createEntityStore(): EntityStore {
  const database = new DatabaseSync(':memory:')
  database.exec(`
    create table entity (
      position integer primary key autoincrement,
      kind text not null,
      id text not null unique,
      name text not null,
      tenths integer not null,
      deleted integer not null,
      members text not null,
      unique (kind, name)
    )`)
  const byName = database.prepare('select * from entity where kind = ? and name = ?')
  const byId = database.prepare('select * from entity where kind = ? and id = ?')
  const below = database.prepare('select * from entity where substr(name, 1, ?) = ?')
  const insert = database.prepare(
    'insert into entity (kind, id, name, tenths, deleted, members) values (?, ?, ?, 1, 0, ?)'
  )
  const update = database.prepare(
    'update entity set members = ?, deleted = ?, tenths = tenths + 1 where id = ?'
  )
  /** Makes the next version of an entity, unless nothing has changed. */
  const save = (row: Row, members: JsonObject, isDeleted: boolean): void => {
    const isSame = jsonEqual(membersOf(row), members) && isDeleted === (row.deleted === 1)
    if (!isSame) update.run(JSON.stringify(members), isDeleted ? 1 : 0, String(row.id))
  }
  const find: EntityStore['find'] = (kind, name) => shownIfAny(byName.get(kind, name))
  const findById: EntityStore['findById'] = (kind, id) => shownIfAny(byId.get(kind, id))
  return {
    find,
    findById,
    put(kind, name, members) {
      const row = byName.get(kind, name)
      if (row === undefined) insert.run(kind, randomUUID(), name, JSON.stringify(members))
      else {
        const known = Object.entries(membersOf(row)).filter(([member]) => KEPT.includes(member))
        save(row, { ...Object.fromEntries(known), ...members }, row.deleted === 1)
      }
      return { entity: find(kind, name) ?? {}, isNew: row === undefined }
    },
    change(kind, name, members) {
      const row = byName.get(kind, name)
      if (row !== undefined) save(row, { ...membersOf(row), ...members }, row.deleted === 1)
      return find(kind, name)
    },
    mark(kind, id, isDeleted) {
      const row = byId.get(kind, id)
      if (row === undefined) return undefined
      const prefix = `${row.name}.`
      for (const each of [row, ...below.all(prefix.length, prefix)]) {
        save(each, membersOf(each), isDeleted)
      }
      return findById(kind, id)
    },
    list(kind, { parent, include, limit, after }) {
      const prefix = parent === null ? '' : `${parent}.`
      const where = `kind = ? and ${SHOWN[include]} and substr(name, 1, ?) = ?`
      const given = [kind, prefix.length, prefix]
      const counted = database.prepare(`select count(*) as total from entity where ${where}`)
      const read = database.prepare(
        `select * from entity where ${where} and position > ? order by position limit ?`
      )
      const rows = read.all(...given, Number(after ?? 0), limit + 1)
      const page = rows.slice(0, limit)
      return {
        data: page.map(shown),
        total: Number(counted.get(...given)?.total),
        after: rows.length > limit ? String(page.at(-1)?.position) : null
      }
    },
    lines: () =>
      database
        .prepare('select * from entity order by kind, name')
        .all()
        .map(row => {
          const line = `${row.kind} ${row.name} ${Number(row.tenths) / 10}`
          return row.deleted === 1 ? `${line} deleted` : line
        }),
    close: () => database.close()
  }
}

function membersOf({ members }: Row): JsonObject {
  const parsed: JsonValue = JSON.parse(String(members))
  return isJsonObject(parsed) ? parsed : {}
}

function shownIfAny(row: Row | undefined): JsonObject | undefined {
  return row && shown(row)
}

function shown(row: Row): JsonObject {
  return {
    ...membersOf(row),
    id: String(row.id),
    fullyQualifiedName: String(row.name),
    version: Number(row.tenths) / 10,
    deleted: row.deleted === 1
  }
}
