import { quoted } from '../base/json-text.ts'
import { ConnectorError } from '../errors.ts'
import type { FlowObject } from '../objects/types.ts'
import type { LoadRequest, LoadResult, WriteRequest } from '../operations/types.ts'
import { readFlowObjects } from './read-flow-objects.ts'
import { readListFilter } from './list-filter.ts'
import type { ObjectDataRequest } from './schemas.ts'
import { writeFlowObjects } from './write-flow-objects.ts'

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

const cache = new WeakMap<LoadResult['objects'], Buffer>()

/** The answer of a load, an `ObjectDataResponse`, as the bytes of its JSON text. */
export function writeLoadResult(result: LoadResult): Buffer {
  const { objects, offsetToken } = result
  const bytes = cache.get(objects) ?? windowBytes(result)
  // The objects of a kept window are frozen, and reused.
  if (Object.isFrozen(objects)) cache.set(objects, bytes)
  if (offsetToken === undefined) return bytes
  const token = Buffer.from(`,"offsetToken":${quoted(offsetToken)}}`)
  return Buffer.concat([bytes.subarray(0, -1), token])
}

/** The answer but for its token. */
function windowBytes({ objects, hasMoreResults }: LoadResult): Buffer {
  const { text, isAscii } = writeFlowObjects(objects)
  return Buffer.from(
    `{"culture":null,"hasMoreResults":${hasMoreResults},"objectData":${text}}`,
    // Both encode ASCII alike; latin1 is faster.
    isAscii ? 'latin1' : 'utf8'
  )
}

/** The answer of a save, with the saved objects, or of a delete, without any. */
export function writeObjects(objects: readonly FlowObject[]): Buffer {
  return writeLoadResult({ objects, hasMoreResults: false })
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
