import { isPlain, quoted } from '../base/json-text.ts'
import { ConnectorError } from '../errors.ts'
import type { FlowObject } from '../objects/types.ts'
import type { LoadRequest, LoadResult, WriteRequest } from '../operations/types.ts'
import { readFlowObjects } from './flow-objects.ts'
import { readListFilter } from './list-filter.ts'
import type { ObjectDataRequest } from './schemas.ts'
import type { WrittenObjects } from './write-flow-objects.ts'
import { writeFlowObjects } from './write-flow-objects.ts'

/**
 * Reads a load (protocol 7). The `objectData` that may come with it is read only where the filter is
 * limited to it (7.5).
 *
 * @throws ConnectorError BODY_INVALID, CRITERION_UNKNOWN
 */
export function readLoadRequest(body: ObjectDataRequest): LoadRequest {
  return { type: typeOf(body), filter: readListFilter(body.listFilter, body.objectData) }
}

/**
 * Reads a save or a delete (protocol 8). A `listFilter` that may come with it is not read.
 *
 * @throws ConnectorError BODY_INVALID
 */
export function readWriteRequest(body: ObjectDataRequest): WriteRequest {
  const type = typeOf(body)
  return { type, objects: readFlowObjects(body.objectData ?? [], type, '/objectData') }
}

const written = new WeakMap<LoadResult['objects'], WrittenObjects>()

/** The answer of a load, an `ObjectDataResponse`, as the bytes of its JSON text. */
export function writeLoadResult({ objects, hasMoreResults, offsetToken }: LoadResult): Buffer {
  const { text, isAscii } = writtenObjects(objects)
  const token = offsetToken === undefined ? '' : `,"offsetToken":${quoted(offsetToken)}`
  return Buffer.from(
    `{"culture":null,"hasMoreResults":${hasMoreResults},"objectData":${text}${token}}`,
    // of both the quicker, where both say the same
    isAscii && isPlain(offsetToken ?? '') ? 'latin1' : 'utf8'
  )
}

/** Objects as JSON text; a list that is frozen comes again, and is written once. */
function writtenObjects(objects: LoadResult['objects']): WrittenObjects {
  const known = written.get(objects)
  if (known !== undefined) return known
  const text = writeFlowObjects(objects)
  if (Object.isFrozen(objects)) written.set(objects, text)
  return text
}

/** The answer of a save, with the saved objects, and of a delete, without any. */
export function writeWritten(objects: readonly FlowObject[]): Buffer {
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
