import { pointer, pointerTo, type Pointer } from '../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { IdGenerator } from './external-id.ts'
import type { Types } from './type-lookup.ts'
import type { TypeReading } from './type-reading.ts'
import type { FlowObject } from './types.ts'

/** A value of an answer that could not be read and was left out; the message never has it. */
export type DecodeWarning = { readonly pointer: Pointer; readonly message: string }

export type DecodeWarnings = {
  /** The first 20. */
  readonly warnings: readonly DecodeWarning[]
  /** How many there were. */
  readonly warningCount: number
}

export type DecodeOptions = {
  /** `order` of the first object. Default 0. */
  readonly firstOrder?: number
  /** The pointer of each value in the answer, for warnings. Default `/<index>`. */
  readonly pointerOf?: (index: number) => Pointer
  /** External id of a value without one; by default one is generated. */
  readonly knownId?: string
  /** Texts of custom properties that every object has, by property name. Default none. */
  readonly known?: ReadonlyMap<string, string> | undefined
  /** Shared by all pages of a list, so that generated ids are unique. Default a new one. */
  readonly generateId?: IdGenerator
  /**
   * What to note on objects about what their properties do not show (`FlowObject.unseen`); `whole` adds the
   * JSON objects themselves. Default nothing.
   */
  readonly notes?: 'unseen' | 'whole'
  /** Most properties of all objects together, also of nested ones. Default no limit. */
  readonly maxCells?: number
}

/** What is known while values are decoded. */
export type Decoding = {
  readonly types: Types
  readonly typeName: string
  readonly warnings: DecodeWarning[]
  warningCount: number
  readonly generateId: IdGenerator
  readonly pointerOf: (index: number) => Pointer
  /** Index of the current value, and the path in it, with `*` for any key of a map. */
  index: number
  path: (string | number)[]
  depth: number
  readonly notes: DecodeOptions['notes']
  readonly known: DecodeOptions['known']
  /** The absent properties of the last object of the answer with any. */
  lastAbsent: readonly string[]
  readonly maxCells: number
  cells: number
  /** Long lists inside of objects that are not decoded yet, and how many objects each will have. */
  readonly open: LongList[]
  readonly counts: Map<readonly FlowObject[], number>
}

/** A long list or map of objects that is decoded after the object that contains it, step by step. */
export type LongList = {
  readonly objects: FlowObject[]
  readonly reading: TypeReading
  readonly entries: Entries
  readonly parentId: string
  readonly path: readonly (string | number)[]
  readonly depth: number
  readonly index: number
  at: number
}

/** The items of a list, or the members of a map. */
export type Entries =
  | { readonly keys: null; readonly values: readonly JsonValue[] }
  | { readonly keys: readonly string[]; readonly map: JsonObject }

/** Warnings that are kept. */
const WARNINGS_MAX = 20

/** Leaves a value out, with a warning. */
export function warn(decoding: Decoding, key: string | null, message: string): undefined {
  if (++decoding.warningCount > WARNINGS_MAX) return
  const at = pointerTo(decoding.pointerOf(decoding.index), decoding.path)
  decoding.warnings.push({ pointer: key === null ? at : pointer(at, key), message })
}

/** The problem of more properties than may be decoded. */
export function tooManyCells({ typeName, maxCells }: Decoding): ConnectorError {
  const of = `for type "${typeName}"`
  return new ConnectorError('ANSWER_TOO_MANY_VALUES', { of, limit: maxCells, what: 'values' })
}
