import { parseJson } from '../../base/exact-number.ts'
import type { JsonValue } from '../../base/json.ts'
import { isJsonObject } from '../../base/json.ts'
import type { FileStore } from './file-store.ts'
import { storedText } from './file-store.ts'
import { CommandError } from '../terminal.ts'

/** A part that was read, and the file that has its rows as NDJSON. Plain JSON. */
export type PartRecord = {
  readonly part: number
  readonly input: string
  /** In the directory of the run. */
  readonly file: string
  readonly rows: number
  readonly pages: number
  readonly records: number
  readonly repeated: number
  readonly misfits: number
  /** Rows that the API gave, and that belong to other parts. */
  readonly outside: number
  /** The fields of a type that are taken from the first page, as text; null for any other type. */
  readonly fields: string | null
  readonly bytes: number
  readonly sha256: string
}

const RECORD = /^part-(\d{1,9})\.json$/

/** The name of the file of a record. */
export function recordName(part: number): string {
  return `part-${part}.json`
}

/**
 * Makes an attempt the part of a run, unless another attempt is. That one is as good, and the file of this one is removed.
 *
 * @returns The record of the part.
 */
export async function commitPart(store: FileStore, record: PartRecord): Promise<PartRecord> {
  const { part, file } = record
  const text = `${JSON.stringify(record)}\n`
  if (await store.put(recordName(part), text, file)) return record
  const earlier = await readPart(store, part)
  if (earlier.file !== file) await store.remove(file)
  return earlier
}

/** The numbers of the parts that are there. */
export async function committedParts(store: FileStore): Promise<ReadonlySet<number>> {
  const names = await store.list('')
  return new Set(names.flatMap(name => RECORD.exec(name)?.[1] ?? []).map(Number))
}

/** @throws CommandError for what is no record of this version. */
export async function readPart(store: FileStore, part: number): Promise<PartRecord> {
  const name = recordName(part)
  const record = readRecord(await storedText(store, name))
  if (isWhole(record) && record.part === part) return record
  throw new CommandError(
    `"${store.name}/${name}" is no part of a run; remove it, and the same command reads the part again`
  )
}

function readRecord(text: string): JsonValue {
  try {
    return parseJson(text)
  } catch {
    return null
  }
}

function isWhole(record: JsonValue): record is PartRecord {
  if (!isJsonObject(record)) return false
  const { input, file, rows, fields, sha256 } = record
  const isNamed = typeof input === 'string' && typeof file === 'string' && !file.includes('/')
  return isNamed && typeof rows === 'number' && fields !== undefined && typeof sha256 === 'string'
}
