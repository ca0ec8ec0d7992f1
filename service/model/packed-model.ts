import { constants, gunzipSync, gzipSync } from 'node:zlib'

import { asBuffer } from '../base/bytes.ts'
import { deepFreeze } from '../base/json.ts'
import { parseWritten } from '../base/exact-number.ts'
import type { ConnectorModel, OpenModel, Records } from './connector-model.ts'
import type { ExampleRecord, ExampleTable } from './example-record.ts'
import type { EndpointRecord } from './endpoint-record.ts'
import type { MappingRecord } from './mapping-record.ts'
import type { TypeRecord } from './type-record.ts'

/**
 * A model as bytes, for other processes, memory and Redis: the length of the head in four bytes, little
 * endian; the head; blocks of records. Head and blocks are JSON in UTF-8, each compressed alone (gzip,
 * RFC 1952), so that one record is read without the others.
 */
export type PackedModel = Uint8Array

/** The location of a record: its block, its offset there, and its length, in bytes. */
type Slot = readonly [block: number, at: number, length: number]

/** A compressed range after the head, and its length without compression. */
type Block = { readonly at: number; readonly end: number; readonly length: number }

type Slots = readonly (readonly [name: string, slot: Slot])[]

type Head = {
  readonly index: OpenModel['index']
  readonly blocks: readonly Block[]
  readonly description: Block
  readonly diagnostics: Slot
  readonly types: Slots
  readonly endpoints: Slots
  readonly mappings: Slots
  readonly examples: Slots
  readonly tables: Slots
}

/** JSON in UTF-8, compressed with gzip, and its length without compression. */
export type PackedJson = { readonly gzip: Uint8Array; readonly length: number }

/** Packs a value as JSON. */
export function packJson(value: unknown): PackedJson {
  const text = Buffer.from(JSON.stringify(value))
  return { gzip: gzipSync(text, { level: constants.Z_BEST_SPEED }), length: text.length }
}

/** A model that was unpacked. */
export type UnpackedModel = OpenModel & {
  /** The description given to `packModel`. */
  readonly description: PackedJson
  /** Bytes of JSON that were read so far. */
  readonly bytesRead: () => number
}

const LENGTH_BYTES = 4

/** A block is closed once it has this size. */
const BLOCK_BYTES = 64 * 1024

/**
 * Packs a model.
 *
 * @param description The describe answer as JSON text, kept with the model.
 */
export function packModel(model: ConnectorModel, description: string): PackedModel {
  const written: Buffer[] = []
  const blocks: Block[] = []
  let block: Buffer[] = []
  let [blockLength, end] = [0, 0]
  const write = (texts: readonly Buffer[]): Block => {
    const text = Buffer.concat(texts)
    const compressed = gzipSync(text, { level: constants.Z_BEST_SPEED })
    written.push(compressed)
    end += compressed.length
    return { at: end - compressed.length, end, length: text.length }
  }
  const closeBlock = (): void => {
    blocks.push(write(block))
    block = []
    blockLength = 0
  }
  const slot = (record: unknown): Slot => {
    if (blockLength >= BLOCK_BYTES) closeBlock()
    const text = Buffer.from(JSON.stringify(record))
    block.push(text)
    blockLength += text.length
    return [blocks.length, blockLength - text.length, text.length]
  }
  const slots = (records: { readonly [name: string]: unknown }): Slots =>
    Object.entries(records).map(([name, record]) => [name, slot(record)])

  const { diagnostics, ...index } = model.index
  const records = {
    diagnostics: slot(diagnostics),
    types: slots(model.types),
    endpoints: slots(model.endpoints),
    mappings: slots(model.mappings),
    examples: slots(model.examples),
    tables: slots(model.tables)
  }
  closeBlock()
  const head: Head = { index, blocks, description: write([Buffer.from(description)]), ...records }
  const headBytes = gzipSync(JSON.stringify(head), { level: constants.Z_BEST_SPEED })
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(headBytes.length)
  return Buffer.concat([length, headBytes, ...written])
}

/** Opens a packed model. A record is read when it is first looked up. */
export function unpackModel(packed: PackedModel): UnpackedModel {
  const bytes = asBuffer(packed)
  const start = LENGTH_BYTES + bytes.readUInt32LE()
  const headText = gunzipSync(bytes.subarray(LENGTH_BYTES, start)).toString()
  // Its numbers are all written by `packModel`.
  const head: Head = JSON.parse(headText)
  const { index, types, endpoints, mappings, examples, tables, description } = head
  let bytesRead = headText.length
  /** The last block: records that are used together are mostly in one. */
  let last: { readonly number: number; readonly text: Buffer } | null = null

  const blockText = (number: number): Buffer => {
    if (last?.number === number) return last.text
    const block = head.blocks[number]
    if (block === undefined) throw new RangeError(`a packed model has no block ${number}`)
    const text = gunzipSync(bytes.subarray(start + block.at, start + block.end))
    last = { number, text }
    return text
  }
  const read = <T>([block, at, length]: Slot): T => {
    bytesRead += length
    return deepFreeze(parseWritten<T>(blockText(block).toString('utf8', at, at + length)))
  }
  return {
    index: deepFreeze(index),
    types: lazyRecords(types, read<TypeRecord>),
    endpoints: lazyRecords(endpoints, read<EndpointRecord>),
    mappings: lazyRecords(mappings, read<MappingRecord>),
    examples: lazyRecords(examples, read<ExampleRecord>),
    tables: lazyRecords(tables, read<ExampleTable>),
    diagnostics: () => read(head.diagnostics),
    description: {
      gzip: bytes.subarray(start + description.at, start + description.end),
      length: description.length
    },
    bytesRead: () => bytesRead
  }
}

function lazyRecords<T>(slots: Slots, read: (slot: Slot) => T): Records<T> {
  const slotOf = new Map(slots)
  const known = new Map<string, T>()
  return {
    get(name) {
      const found = known.get(name)
      const slot = slotOf.get(name)
      if (found !== undefined || slot === undefined) return found
      const record = read(slot)
      known.set(name, record)
      return record
    },
    keys: () => slotOf.keys()
  }
}
