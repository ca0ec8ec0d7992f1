import { deepFreeze } from '../base/deep-freeze.ts'
import { parseWritten } from '../base/exact-number.ts'
import type { OpenModel, Records } from './open-model.ts'
import type { ConnectorModel, ExampleRecord, OperationRecord, TypeRecord } from './types.ts'

/** Where a text stands in the bytes behind the head: its start, and its length. */
type Place = readonly [at: number, length: number]

type Head = {
  readonly index: OpenModel['index']
  readonly diagnostics: Place
  readonly description: Place
  readonly types: readonly (readonly [name: string, place: Place])[]
  readonly operations: readonly (readonly [key: string, place: Place])[]
  readonly examples: readonly (readonly [key: string, place: Place])[]
}

/** A model that was unpacked, with the description of its types. */
export type UnpackedModel = OpenModel & {
  /** JSON text in UTF-8, as `packModel` was given it. */
  readonly description: Uint8Array
}

/** Bytes in front of the head that hold its length. */
const HEAD_LENGTH_BYTES = 4

/**
 * Writes a model as bytes, which cross from process to process, and lie in memory and in Redis: the length of
 * the head in four bytes, least first; the head, which says where each record stands; the records. All of it
 * is JSON in UTF-8.
 *
 * @param description JSON text of the types as the platform describes them, kept with the model.
 */
export function packModel(model: ConnectorModel, description: string): Uint8Array {
  const parts: Buffer[] = []
  let end = 0
  const place = (text: string): Place => {
    const bytes = Buffer.from(text)
    parts.push(bytes)
    end += bytes.length
    return [end - bytes.length, bytes.length]
  }
  const places = (records: { readonly [name: string]: unknown }) =>
    Object.entries(records).map(([name, record]) => [name, place(JSON.stringify(record))] as const)

  const { diagnostics, ...index } = model.index
  const head: Head = {
    index,
    diagnostics: place(JSON.stringify(diagnostics)),
    description: place(description),
    types: places(model.types),
    operations: places(model.operations),
    examples: places(model.examples)
  }
  const headBytes = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(HEAD_LENGTH_BYTES)
  length.writeUInt32LE(headBytes.length)
  return Buffer.concat([length, headBytes, ...parts])
}

/** Opens a model of bytes that `packModel` wrote. Of its records only those are read that are looked up. */
export function unpackModel(packed: Uint8Array): UnpackedModel {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  const start = HEAD_LENGTH_BYTES + bytes.readUInt32LE()
  const head: Head = parseWritten(bytes.toString('utf8', HEAD_LENGTH_BYTES, start))
  const read = <T>([at, length]: Place): T =>
    deepFreeze(parseWritten<T>(bytes.toString('utf8', start + at, start + at + length)))
  const { index, types, operations, examples } = head
  const [at, length] = head.description
  return {
    index: deepFreeze(index),
    types: lazyRecords(types, read<TypeRecord>),
    operations: lazyRecords(operations, read<OperationRecord>),
    examples: lazyRecords(examples, read<ExampleRecord>),
    diagnostics: () => read(head.diagnostics),
    description: bytes.subarray(start + at, start + at + length)
  }
}

/** Records that are read when they are looked up first, and are the same from then on. */
function lazyRecords<T>(
  places: readonly (readonly [name: string, place: Place])[],
  read: (place: Place) => T
): Records<T> {
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
