import { constants, gunzipSync, gzipSync } from 'node:zlib'

import { asBuffer } from '../base/bytes.ts'
import { deepFreeze } from '../base/json.ts'
import { parseWritten } from '../base/exact-number.ts'
import type { OpenModel, Records } from './open-model.ts'
import type { ConnectorModel } from './connector-model.ts'
import type { ExampleRecord } from './example-record.ts'
import type { EndpointRecord } from './endpoint-record.ts'
import type { MappingRecord } from './mapping-record.ts'
import type { TypeRecord } from './type-record.ts'

/**
 * A model as bytes, which cross from process to process, and lie in memory and in Redis: the length of the head
 * in four bytes, least first; the head; blocks of records. Head and blocks are JSON texts in UTF-8, each in
 * gzip (RFC 1952) by itself, so that one record is read without the others.
 */
export type PackedModel = Uint8Array

/** Where the text of a record stands: in which block, from which byte of it, and its length. */
type Place = readonly [block: number, at: number, length: number]

/** Where something compressed stands behind the head, and its length without compression. */
type Block = { readonly at: number; readonly end: number; readonly length: number }

type Places = readonly (readonly [name: string, place: Place])[]

type Head = {
  readonly index: OpenModel['index']
  readonly blocks: readonly Block[]
  readonly description: Block
  readonly diagnostics: Place
  readonly types: Places
  readonly endpoints: Places
  readonly mappings: Places
  readonly examples: Places
}

/** A model that was unpacked. */
export type UnpackedModel = OpenModel & {
  /** The description of its types in gzip, as `packModel` was given it, and its length without. */
  readonly description: { readonly gzip: Uint8Array; readonly length: number }
  /** Bytes of what was read of it so far, as text. */
  readonly bytesRead: () => number
}

const LENGTH_BYTES = 4

/** Bytes of a block, but for its last record, which may be longer. */
const BLOCK_BYTES = 64 * 1024

/**
 * Packs a model.
 *
 * @param description JSON text of the types as the platform describes them, kept with the model.
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
  const place = (record: unknown): Place => {
    if (blockLength >= BLOCK_BYTES) closeBlock()
    const text = Buffer.from(JSON.stringify(record))
    block.push(text)
    blockLength += text.length
    return [blocks.length, blockLength - text.length, text.length]
  }
  const places = (records: { readonly [name: string]: unknown }): Places =>
    Object.entries(records).map(([name, record]) => [name, place(record)])

  const { diagnostics, ...index } = model.index
  const records = {
    diagnostics: place(diagnostics),
    types: places(model.types),
    endpoints: places(model.endpoints),
    mappings: places(model.mappings),
    examples: places(model.examples)
  }
  closeBlock()
  const head: Head = { index, blocks, description: write([Buffer.from(description)]), ...records }
  const headBytes = gzipSync(JSON.stringify(head), { level: constants.Z_BEST_SPEED })
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32LE(headBytes.length)
  return Buffer.concat([length, headBytes, ...written])
}

/** Opens a packed model. Of its records only those are read that are looked up. */
export function unpackModel(packed: PackedModel): UnpackedModel {
  const bytes = asBuffer(packed)
  const start = LENGTH_BYTES + bytes.readUInt32LE()
  const headText = gunzipSync(bytes.subarray(LENGTH_BYTES, start)).toString()
  // It has no number but ours.
  const head: Head = JSON.parse(headText)
  const { index, types, endpoints, mappings, examples, description } = head
  let bytesRead = headText.length
  /** The block that was read last: what is looked up together stands together. */
  let last: { readonly number: number; readonly text: Buffer } | null = null

  const blockText = (number: number): Buffer => {
    if (last?.number === number) return last.text
    const block = head.blocks[number]
    if (block === undefined) throw new RangeError(`a packed model has no block ${number}`)
    const text = gunzipSync(bytes.subarray(start + block.at, start + block.end))
    last = { number, text }
    return text
  }
  const read = <T>([block, at, length]: Place): T => {
    bytesRead += length
    return deepFreeze(parseWritten<T>(blockText(block).toString('utf8', at, at + length)))
  }
  return {
    index: deepFreeze(index),
    types: lazyRecords(types, read<TypeRecord>),
    endpoints: lazyRecords(endpoints, read<EndpointRecord>),
    mappings: lazyRecords(mappings, read<MappingRecord>),
    examples: lazyRecords(examples, read<ExampleRecord>),
    diagnostics: () => read(head.diagnostics),
    description: {
      gzip: bytes.subarray(start + description.at, start + description.end),
      length: description.length
    },
    bytesRead: () => bytesRead
  }
}

/** Records that are read when they are looked up first, and are the same from then on. */
function lazyRecords<T>(places: Places, read: (place: Place) => T): Records<T> {
  const placeOf = new Map(places)
  const known = new Map<string, T>()
  return {
    get(name) {
      const found = known.get(name)
      const place = placeOf.get(name)
      if (found !== undefined || place === undefined) return found
      const record = read(place)
      known.set(name, record)
      return record
    },
    keys: () => placeOf.keys()
  }
}
