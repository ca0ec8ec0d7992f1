import { quoted } from '../base/json-text.ts'
import { ConnectorError } from '../errors.ts'
import type { FlowObject } from '../objects/types.ts'
import type { LoadRequest, LoadResult, WriteRequest } from '../operations/types.ts'
import { readFlowObjects } from './read-flow-objects.ts'
import { readListFilter } from './list-filter.ts'
import type { ObjectDataRequest } from './schemas.ts'
import type { ObjectsWriter } from './write-flow-objects.ts'
import { startWriting } from './write-flow-objects.ts'

/**
 * Reads a load (docs/protocol.md#load). Its `objectData` is read only for `filterByProvidedObjects`.
 *
 * @throws ConnectorError BODY_INVALID, CRITERION_UNKNOWN
 */
export function readLoadRequest(body: ObjectDataRequest): LoadRequest {
  return { type: typeOf(body), filter: readListFilter(body.listFilter, body.objectData) }
}

/**
 * Reads a save or a delete. Its `listFilter` is ignored.
 *
 * @throws ConnectorError BODY_INVALID
 */
export function readWriteRequest(body: ObjectDataRequest): WriteRequest {
  const type = typeOf(body)
  return { type, objects: readFlowObjects(body.objectData ?? [], type, '/objectData') }
}

type Written = { readonly hasMoreResults: boolean; readonly pieces: readonly Buffer[] }

/** The JSON of frozen objects, which are those of a list that comes again. */
const cache = new WeakMap<LoadResult['objects'], Written>()

/** The answer of a load, an `ObjectDataResponse`, as JSON in pieces that are written step by step. */
export function startLoadResult(result: LoadResult): ObjectsWriter {
  const { objects, hasMoreResults, offsetToken } = result
  const before = cache.get(objects)
  const kept = before?.hasMoreResults === hasMoreResults ? before.pieces : undefined
  const writer = kept === undefined ? newWriter(objects, hasMoreResults) : null
  // As in `startDecoding`, a getter would keep what is written alive.
  const answer = {
    pieces: kept ?? NO_PIECES,
    step() {
      if (writer !== null && !writer.step()) return false
      if (writer !== null) {
        answer.pieces = writer.pieces
        if (Object.isFrozen(objects)) cache.set(objects, { hasMoreResults, pieces: answer.pieces })
      }
      if (offsetToken !== undefined) answer.pieces = withToken(answer.pieces, offsetToken)
      return true
    }
  }
  return answer
}

const NO_PIECES: readonly Buffer[] = []

function newWriter(objects: LoadResult['objects'], hasMoreResults: boolean): ObjectsWriter {
  const before = `{"culture":null,"hasMoreResults":${hasMoreResults},"objectData":`
  return startWriting(objects, before, '}')
}

function withToken(pieces: readonly Buffer[], offsetToken: string): readonly Buffer[] {
  const last = pieces.at(-1) ?? Buffer.alloc(0)
  const token = Buffer.from(`,"offsetToken":${quoted(offsetToken)}}`)
  return pieces.with(-1, Buffer.concat([last.subarray(0, -1), token]))
}

/** The whole answer of a load that is known to be short. */
export function writeLoadResult(result: LoadResult): Buffer {
  const writer = startLoadResult(result)
  while (!writer.step());
  const [only, second] = writer.pieces
  return only !== undefined && second === undefined ? only : Buffer.concat(writer.pieces)
}

/** The answer of a save, with the saved objects, or of a delete, without any. */
export function startObjects(objects: readonly FlowObject[]): ObjectsWriter {
  return startLoadResult({ objects, hasMoreResults: false })
}

function typeOf({ objectDataType }: ObjectDataRequest): string {
  const type = objectDataType?.developerName
  if (type == null || type.trim() === '') {
    throw new ConnectorError('BODY_INVALID', {
      pointer: '/objectDataType/developerName',
      expected: 'expected the name of a type'
    })
  }
  return type
}
