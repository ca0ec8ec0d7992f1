import { parseWritten } from '../base/exact-number.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { isJsonArray, isJsonObject, member, ownMember, textMember } from '../base/json.ts'
import type { FieldRecord } from '../model/field-record.ts'

/** The versions of the Delta protocol that are read and written. */
export const DELTA_PROTOCOL = { minReaderVersion: 1, minWriterVersion: 2 } as const

/** What the log of a Delta table says, up to its last commit. */
export type DeltaTable = {
  /** The number of the last commit; -1 before the first one. */
  readonly version: number
  /** Each file of data, by its path as the log has it, with its size in bytes. */
  readonly files: ReadonlyMap<string, number>
  /** The action `metaData`; null before the first commit. */
  readonly metaData: JsonObject | null
  readonly protocol: JsonObject | null
}

export const NO_DELTA_TABLE: DeltaTable = {
  ...{ version: -1, files: new Map(), metaData: null, protocol: null }
}

/** Reads the log of a table line by line. */
export type DeltaLogReader = {
  /** @throws SyntaxError for a line that is no JSON. */
  read(version: number, line: string): void
  table(): DeltaTable
}

export function createDeltaLogReader(): DeltaLogReader {
  const files = new Map<string, number>()
  let table: DeltaTable = { ...NO_DELTA_TABLE, files }
  return {
    read(version, line) {
      const action = line.trim() === '' ? null : parseWritten<JsonValue>(line)
      const { metaData, protocol } = isJsonObject(action) ? action : {}
      const added = member(action, 'add')
      const path = textMember(added, 'path')
      if (path !== undefined) files.set(path, Number(member(added, 'size') ?? 0))
      files.delete(textMember(member(action, 'remove'), 'path') ?? '')
      table = {
        version,
        files,
        metaData: isJsonObject(metaData) ? metaData : table.metaData,
        protocol: isJsonObject(protocol) ? protocol : table.protocol
      }
    },
    table: () => table
  }
}

/**
 * Why rows of some fields cannot be written to a table; null if they can.
 *
 * @param mode `overwrite` replaces the schema too.
 */
export function deltaFault(
  table: DeltaTable,
  fields: readonly FieldRecord[],
  mode: 'overwrite' | 'append'
): string | null {
  return namesFault(fields) ?? (table.version < 0 ? null : tableFault(table, fields, mode))
}

/** Characters that no name of a column may have, as it stands in a Parquet file of a table. */
const NAME_FAULT = /[ ,;{}()\n\t=]/

function namesFault(fields: readonly FieldRecord[]): string | null {
  const wrong = fields.find(({ name }) => NAME_FAULT.test(name))
  if (wrong !== undefined) {
    return `its field "${wrong.name}" has a blank or one of ,;{}()= in its name, which a Delta table cannot have`
  }
  const byName = Map.groupBy(fields, ({ name }) => name.toLowerCase())
  const [same] = [...byName.values()].filter(({ length }) => length > 1)
  const [one, other] = same ?? []
  if (one === undefined || other === undefined) return null
  return `its fields "${one.name}" and "${other.name}" differ in letter case only, which a Delta table cannot have`
}

function tableFault(
  { metaData, protocol }: DeltaTable,
  fields: readonly FieldRecord[],
  mode: 'overwrite' | 'append'
): string | null {
  const { minReaderVersion, minWriterVersion } = DELTA_PROTOCOL
  const needed = {
    reader: Number(protocol?.minReaderVersion ?? Number.NaN),
    writer: Number(protocol?.minWriterVersion ?? Number.NaN)
  }
  if (metaData === null || !(needed.reader >= 1 && needed.writer >= 1)) {
    return 'the log of its table has no schema or no protocol'
  }
  if (needed.reader > minReaderVersion || needed.writer > minWriterVersion) {
    return `its table needs reader ${needed.reader} and writer ${needed.writer} of the Delta protocol, and not more than reader 1 and writer 2 is written here`
  }
  const partitions = metaData.partitionColumns ?? []
  if (!isJsonArray(partitions) || partitions.length > 0) return 'its table is partitioned'
  const isAppendOnly = textMember(metaData.configuration, 'delta.appendOnly') === 'true'
  if (mode === 'overwrite' && isAppendOnly) {
    return 'its table takes appended rows only (`delta.appendOnly`)'
  }
  const columns = tableColumns(metaData)
  if (columns === null) return 'the schema of its table cannot be read'
  const bound = columns.find(({ hasInvariants }) => hasInvariants)
  if (bound !== undefined) return `its table has rules on the values of "${bound.name}"`
  return mode === 'append' ? schemaFault(columns, fields) : null
}

type Column = {
  readonly name: string
  readonly type: JsonValue
  readonly nullable: boolean
  readonly hasInvariants: boolean
}

function tableColumns(metaData: JsonObject): readonly Column[] | null {
  let schema: JsonValue
  try {
    schema = parseWritten<JsonValue>(textMember(metaData, 'schemaString') ?? '')
  } catch {
    return null
  }
  const fields = member(schema, 'fields')
  if (!isJsonArray(fields)) return null
  return fields.map(field => ({
    name: textMember(field, 'name') ?? '',
    type: member(field, 'type') ?? null,
    nullable: member(field, 'nullable') !== false,
    hasInvariants: member(member(field, 'metadata'), 'delta.invariants') !== undefined
  }))
}

function schemaFault(columns: readonly Column[], fields: readonly FieldRecord[]): string | null {
  for (const { name, type } of fields) {
    const column = columns.find(each => each.name === name)
    if (column === undefined) return `its table has no column "${name}"`
    if (column.type !== type) {
      const held = typeof column.type === 'string' ? column.type : 'nested'
      return `"${name}" is ${type}, and in its table ${held}`
    }
  }
  const missing = columns.find(
    ({ name, nullable }) => !nullable && !fields.some(field => field.name === name)
  )
  return missing === undefined ? null : `its table needs a value in "${missing.name}"`
}

/** A file of data that a commit adds. */
export type DeltaPart = { readonly path: string; readonly bytes: number; readonly rows: number }

/**
 * The text of the commit after the last one of a table, an action a line.
 *
 * @param part Null where there are no rows.
 * @param given The time (ms since 1970), and the id of the table if it is new.
 */
export function deltaCommit(
  table: DeltaTable,
  fields: readonly FieldRecord[],
  mode: 'overwrite' | 'append',
  part: DeltaPart | null,
  given: { readonly now: number; readonly newId: string }
): string {
  const { now } = given
  const schemaString = schemaText(fields)
  const isNew = table.version < 0
  const isSame = ownMember(table.metaData ?? {}, 'schemaString') === schemaString
  const describes = isNew || (mode === 'overwrite' && !isSame)
  const operationParameters = {
    mode: mode === 'append' ? 'Append' : 'Overwrite',
    partitionBy: '[]'
  }
  const engineInfo = 'openapi-flow'
  const actions: JsonObject[] = [
    { commitInfo: { timestamp: now, operation: 'WRITE', operationParameters, engineInfo } },
    ...(isNew ? [{ protocol: DELTA_PROTOCOL }] : []),
    ...(describes ? [{ metaData: metaDataOf(table, schemaString, given) }] : []),
    ...(mode === 'overwrite'
      ? [...table.files].map(([path, size]) => removal(path, size, now))
      : []),
    ...(part === null ? [] : [addition(part, now)])
  ]
  return actions.map(action => `${JSON.stringify(action)}\n`).join('')
}

function metaDataOf(
  { metaData }: DeltaTable,
  schemaString: string,
  { now, newId }: { readonly now: number; readonly newId: string }
): JsonObject {
  if (metaData !== null) return { ...metaData, schemaString }
  return {
    id: newId,
    format: { provider: 'parquet', options: {} },
    schemaString,
    partitionColumns: [],
    configuration: {},
    createdTime: now
  }
}

function schemaText(fields: readonly FieldRecord[]): string {
  const columns = fields.map(({ name, type }) => ({ name, type, nullable: true, metadata: {} }))
  return JSON.stringify({ type: 'struct', fields: columns })
}

function addition({ path, bytes, rows }: DeltaPart, now: number): JsonObject {
  const stats = JSON.stringify({ numRecords: rows })
  const size = { size: bytes, modificationTime: now, dataChange: true, stats }
  return { add: { path, partitionValues: {}, ...size } }
}

function removal(path: string, size: number, now: number): JsonObject {
  const file = { extendedFileMetadata: true, partitionValues: {}, size }
  return { remove: { path, deletionTimestamp: now, dataChange: true, ...file } }
}

/** The name of the file of a commit. */
export function deltaCommitName(version: number): string {
  return `${String(version).padStart(20, '0')}.json`
}
