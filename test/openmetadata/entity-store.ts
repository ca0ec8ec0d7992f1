import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

import type { JsonObject } from '../../service/base/json.ts'
import { canonicalJson, isJsonObject } from '../../service/base/json.ts'

/** The kinds of entities, as the paths of a server name them. */
export type EntityKind = 'apiServices' | 'apiCollections' | 'apiEndpoints'

export type StoredEntity = JsonObject & {
  readonly id: string
  readonly name: string
  readonly fullyQualifiedName: string
  readonly version: number
  readonly deleted: boolean
}

/** A page of a list. */
export type EntityPage = {
  readonly data: readonly StoredEntity[]
  readonly total: number
  readonly after: string | null
}

export type ListQuery = {
  /** Full name of a service or a collection. */
  readonly parent: string | null
  readonly include: 'non-deleted' | 'deleted' | 'all'
  readonly limit: number
  readonly after: string | null
}

/** Members that stay when a request leaves them out, as people may have written them. */
const KEPT = ['displayName', 'description', 'tags', 'owners']

/** The state of a server, in SQLite. */
export type EntityStore = ReturnType<typeof createEntityStore>

export function createEntityStore() {
  const database = new DatabaseSync(':memory:')
  database.exec(`
    create table entity (
      position integer primary key autoincrement,
      kind text not null,
      id text not null unique,
      name text not null,
      deleted integer not null,
      json text not null,
      unique (kind, name)
    )`)
  const byName = database.prepare('select json from entity where kind = ? and name = ?')
  const byId = database.prepare('select json from entity where kind = ? and id = ?')
  const insert = database.prepare(
    'insert into entity (kind, id, name, deleted, json) values (?, ?, ?, ?, ?)'
  )
  const replace = database.prepare('update entity set deleted = ?, json = ? where id = ?')
  const read = (row: unknown): StoredEntity | undefined =>
    isJsonObject(row) ? (JSON.parse(String(row.json)) as StoredEntity) : undefined

  const save = (entity: StoredEntity): StoredEntity => {
    replace.run(entity.deleted ? 1 : 0, JSON.stringify(entity), entity.id)
    return entity
  }
  /** The next version of an entity. It is the same if nothing has changed. */
  const change = (entity: StoredEntity, members: JsonObject): StoredEntity => {
    const changed = { ...entity, ...members }
    if (canonicalJson(changed) === canonicalJson(entity)) return entity
    return save({ ...changed, version: Math.round(entity.version * 10 + 1) / 10 } as StoredEntity)
  }
  const find = (kind: EntityKind, name: string): StoredEntity | undefined =>
    read(byName.get(kind, name))
  const findById = (kind: EntityKind, id: string): StoredEntity | undefined =>
    read(byId.get(kind, id))
  const below = (name: string): readonly [EntityKind, StoredEntity][] =>
    database
      .prepare(`select kind, json from entity where substr(name, 1, ?) = ?`)
      .all(name.length + 1, `${name}.`)
      .map(row => [row.kind as EntityKind, JSON.parse(String(row.json)) as StoredEntity])

  return {
    find,
    findById,
    /** Creates or changes an entity. Returns it, and whether it is new. */
    put(kind: EntityKind, fullyQualifiedName: string, body: JsonObject) {
      const known = find(kind, fullyQualifiedName)
      if (known === undefined) {
        const made = { id: randomUUID(), version: 0.1, deleted: false }
        const entity = { ...body, ...made, fullyQualifiedName } as unknown as StoredEntity
        const { id } = entity
        insert.run(kind, id, fullyQualifiedName, 0, JSON.stringify(entity))
        return { entity, isNew: true }
      }
      const { id, version, deleted, fullyQualifiedName: name } = known
      const kept = Object.fromEntries(
        KEPT.flatMap(member => (known[member] === undefined ? [] : [[member, known[member]]]))
      )
      const wanted = { ...kept, ...body, id, version, deleted, fullyQualifiedName: name }
      if (canonicalJson(wanted) === canonicalJson(known)) return { entity: known, isNew: false }
      const next = { ...wanted, version: Math.round(version * 10 + 1) / 10 }
      return { entity: save(next as unknown as StoredEntity), isNew: false }
    },
    change: (kind: EntityKind, name: string, members: JsonObject) => {
      const entity = find(kind, name)
      return entity && change(entity, members)
    },
    /** Deletes an entity softly, or brings it back, with all below it. */
    mark(kind: EntityKind, id: string, deleted: boolean): StoredEntity | undefined {
      const entity = findById(kind, id)
      if (entity === undefined) return undefined
      for (const [, held] of below(entity.fullyQualifiedName)) change(held, { deleted })
      return change(entity, { deleted })
    },
    list(kind: EntityKind, { parent, include, limit, after }: ListQuery): EntityPage {
      const shown = { 'non-deleted': '= 0', deleted: '= 1', all: '>= 0' }[include]
      const prefix = parent === null ? '' : `${parent}.`
      const where = `kind = ? and deleted ${shown} and substr(name, 1, ?) = ?`
      const given = [kind, prefix.length, prefix]
      const total = database
        .prepare(`select count(*) as total from entity where ${where}`)
        .get(...given)
      const rows = database
        .prepare(
          `select position, json from entity where ${where} and position > ? order by position limit ?`
        )
        .all(...given, Number(after ?? 0), limit + 1)
      const page = rows.slice(0, limit)
      return {
        data: page.map(row => JSON.parse(String(row.json)) as StoredEntity),
        total: Number(total?.total),
        after: rows.length > limit ? String(page.at(-1)?.position) : null
      }
    },
    /** All entities, as `kind name version deleted`. */
    lines: (): string[] =>
      database
        .prepare('select kind, json from entity order by kind, name')
        .all()
        .map(row => {
          const { fullyQualifiedName, version, deleted } = JSON.parse(String(row.json))
          return `${row.kind} ${fullyQualifiedName} ${version}${deleted ? ' deleted' : ''}`
        }),
    close: () => database.close()
  }
}
