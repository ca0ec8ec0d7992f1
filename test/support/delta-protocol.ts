import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

import type { ValidateFunction } from 'ajv'
import { Ajv } from 'ajv'

/** A snapshot of a Delta table. */
export type DeltaSnapshot = {
  /** Name and type of each column. */
  readonly columns: readonly string[]
  /** The rows that the log says each file has, by the path of the file. */
  readonly rows: ReadonlyMap<string, number>
}

type Action = {
  readonly protocol?: object
  readonly metaData?: { readonly id: string; readonly schemaString: string }
  readonly add?: { readonly path: string; readonly size: number; readonly stats: string }
  readonly remove?: { readonly path: string; readonly size: number }
}

const TEXTS = { type: 'object', additionalProperties: { type: 'string' } }
const TEXT = { type: 'string' }
const WHOLE = { type: 'integer', minimum: 0 }
const TRUTH = { type: 'boolean' }

/** A relative path, with the escapes of a URI. */
const PATH = { type: 'string', pattern: "^[\\w.~!$&'()*+,;=:@%-]+(/[\\w.~!$&'()*+,;=:@%-]+)*$" }

/** The members that the protocol requires, and those that it knows for reader version 1 and writer version 2. */
function members(required: object, optional: object = {}): object {
  const properties = { ...required, ...optional }
  return {
    ...{ type: 'object', properties, required: Object.keys(required) },
    additionalProperties: false
  }
}

const COLUMN_TYPES = 'string long integer short byte float double boolean binary date timestamp'

const SCHEMA = members({
  type: { const: 'struct' },
  fields: {
    type: 'array',
    minItems: 1,
    items: members({
      name: { type: 'string', minLength: 1, pattern: '^[^ ,;{}()\\n\\t=]+$' },
      type: { enum: COLUMN_TYPES.split(' ') },
      nullable: TRUTH,
      metadata: { type: 'object' }
    })
  }
})

/** https://github.com/delta-io/delta/blob/master/PROTOCOL.md#actions */
const ACTIONS = {
  commitInfo: { type: 'object' },
  protocol: members({ minReaderVersion: { const: 1 }, minWriterVersion: { const: 2 } }),
  metaData: members(
    {
      id: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
      format: members({ provider: { const: 'parquet' }, options: TEXTS }),
      schemaString: TEXT,
      partitionColumns: { type: 'array', maxItems: 0 },
      configuration: TEXTS
    },
    { name: TEXT, description: TEXT, createdTime: WHOLE }
  ),
  add: members(
    {
      ...{ path: PATH, partitionValues: TEXTS, size: WHOLE },
      ...{ modificationTime: WHOLE, dataChange: TRUTH }
    },
    { stats: TEXT, tags: TEXTS }
  ),
  remove: members(
    { path: PATH, dataChange: TRUTH },
    {
      ...{ deletionTimestamp: WHOLE, extendedFileMetadata: TRUTH },
      ...{ partitionValues: TEXTS, size: WHOLE, stats: TEXT, tags: TEXTS }
    }
  ),
  txn: members({ appId: TEXT, version: WHOLE }, { lastUpdated: WHOLE })
}

const STATS = members({ numRecords: WHOLE })

const LINE = { type: 'object', properties: ACTIONS, additionalProperties: false, maxProperties: 1 }

const ajv = new Ajv({ allErrors: true })
const isAction = ajv.compile<Action>({ ...LINE, minProperties: 1 })
const isSchema = ajv.compile<{ fields: { name: string; type: string }[] }>(SCHEMA)
const isStats = ajv.compile<{ numRecords: number }>(STATS)

/** @throws AssertionError for what does not fit. */
function parsed<T>(text: string, fits: ValidateFunction<T>): T {
  const value: unknown = JSON.parse(text)
  if (fits(value)) return value
  return assert.fail(`${text}\n${ajv.errorsText(fits.errors)}`)
}

/**
 * Reads the log of a Delta table line by line, and checks each against the protocol: the names of the commits, the form
 * of each action, what a commit may say together, and the files that it names.
 *
 * @returns The snapshot of each version.
 */
export function replayDeltaLog(table: string): readonly DeltaSnapshot[] {
  const log = join(table, '_delta_log')
  const snapshots: DeltaSnapshot[] = []
  const files = new Map<string, number>()
  let columns: readonly string[] = []
  let id: string | undefined
  for (const [version, name] of readdirSync(log).toSorted().entries()) {
    assert.equal(name, `${String(version).padStart(20, '0')}.json`)
    const text = readFileSync(join(log, name), 'utf8')
    assert.ok(text.endsWith('\n') && !text.includes('\n\n'))
    const actions = text
      .trimEnd()
      .split('\n')
      .map(line => parsed(line, isAction))
    const count = (kind: keyof Action): number => actions.filter(each => each[kind]).length
    assert.deepEqual(
      [count('protocol'), version > 0 || count('metaData')],
      [version > 0 ? 0 : 1, version > 0 || 1]
    )
    assert.ok(count('metaData') <= 1)
    const paths = actions.flatMap(({ add, remove }) => add?.path ?? remove?.path ?? [])
    assert.equal(new Set(paths).size, paths.length, 'a commit names each file once')
    for (const { add, remove, metaData } of actions) {
      if (metaData !== undefined) {
        columns = parsed(metaData.schemaString, isSchema).fields.map(
          each => `${each.name} ${each.type}`
        )
        id ??= metaData.id
        assert.equal(metaData.id, id, 'a table keeps its id')
      }
      if (add !== undefined) {
        assert.ok(!files.has(add.path), 'a file is added once')
        assert.equal(statSync(join(table, decodeURIComponent(add.path))).size, add.size)
        files.set(add.path, parsed(add.stats, isStats).numRecords)
      }
      if (remove !== undefined) assert.ok(files.delete(remove.path), 'what is removed was there')
    }
    snapshots.push({ columns, rows: new Map(files) })
  }
  return snapshots
}
