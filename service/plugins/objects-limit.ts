import type { FastifyInstance } from 'fastify'

import type { JsonValue } from '../base/json.ts'
import { isJsonArray, member, textMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { Settings } from '../settings.ts'

type ObjectSettings = Pick<
  Settings,
  'REQUEST_MAX_OBJECTS' | 'OBJECT_MAX_PROPERTIES' | 'PROPERTY_MAX_BYTES'
>

/**
 * Refuses requests with too many objects, or with an object that is too large (docs/protocol.md#limits-of-objects),
 * before anything reads them: work goes on object by object, and gives way only between them.
 *
 * Answers OBJECTS_TOO_MANY, OBJECT_TOO_LARGE and PROPERTY_TOO_LARGE.
 */
export function addObjectsLimit(app: FastifyInstance, settings: ObjectSettings): void {
  app.addHook('preValidation', (request, _, done) => {
    const objects = member(request.body, 'objectData')
    const problem = isJsonArray(objects) ? problemOf(objects, settings) : null
    if (problem === null) done()
    else done(problem)
  })
}

function problemOf(
  objects: readonly JsonValue[],
  { REQUEST_MAX_OBJECTS, OBJECT_MAX_PROPERTIES, PROPERTY_MAX_BYTES }: ObjectSettings
): ConnectorError | null {
  const count = objects.length
  if (count > REQUEST_MAX_OBJECTS) {
    return new ConnectorError('OBJECTS_TOO_MANY', { count, limit: REQUEST_MAX_OBJECTS })
  }
  for (const [index, object] of objects.entries()) {
    let left = OBJECT_MAX_PROPERTIES
    const open: JsonValue[] = [object]
    for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
      const properties = member(holder, 'properties')
      if (!isJsonArray(properties)) continue
      left -= properties.length
      for (let at = 0; at < properties.length && left >= 0; at++) {
        const property = properties[at]
        if (isLong(textMember(property, 'contentValue'), PROPERTY_MAX_BYTES)) {
          return new ConnectorError('PROPERTY_TOO_LARGE', { index, limit: PROPERTY_MAX_BYTES })
        }
        const inner = member(property, 'objectData')
        if (!isJsonArray(inner)) continue
        // An object without properties costs as much as a property.
        left -= inner.length
        if (left < 0) break
        for (const each of inner) open.push(each)
      }
      if (left < 0) {
        return new ConnectorError('OBJECT_TOO_LARGE', { index, limit: OBJECT_MAX_PROPERTIES })
      }
    }
  }
  return null
}

/** Whether a text takes more bytes, of which a character has three at the most. */
function isLong(text: string | undefined, bytes: number): boolean {
  return text !== undefined && text.length * 3 > bytes && Buffer.byteLength(text) > bytes
}
