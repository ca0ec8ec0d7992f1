import { ConnectorError } from '../errors.ts'
import type { FlowObject, FlowProperty } from '../objects/types.ts'
import type { RequestObject } from './schemas.ts'

type RequestProperty = NonNullable<RequestObject['properties']>[number]

/**
 * Reads the objects of a request (docs/protocol.md#objects). `type` replaces their own type, but not that
 * of nested objects. A blank external id, or one that equals the internal id, counts as none. `order`
 * defaults to the index.
 *
 * @param pointer Of the list in the body.
 * @throws ConnectorError BODY_INVALID for a property without a name.
 */
export function readFlowObjects(
  objects: readonly RequestObject[],
  type: string | null,
  pointer: string
): FlowObject[] {
  return objects.map((object, index) => ({
    externalId: externalId(object),
    internalId: object.internalId ?? null,
    developerName: type ?? object.developerName ?? '',
    order: object.order ?? index,
    properties: (object.properties ?? []).map((property, at) =>
      readProperty(property, pointer, index, at)
    )
  }))
}

function externalId({ externalId, internalId }: RequestObject): string | null {
  if (externalId == null || externalId.trim() === '') return null
  // Older engines set the external id of objects created in the flow to their internal id.
  return externalId.toLowerCase() === internalId?.toLowerCase() ? null : externalId
}

/** @param pointer Of the list of objects. Naming each of many properties would take longer than reading them. */
function readProperty(
  property: RequestProperty,
  pointer: string,
  index: number,
  at: number
): FlowProperty {
  const here = (): string => `${pointer}/${index}/properties/${at}`
  if (property.developerName == null || property.developerName.trim() === '') {
    throw new ConnectorError('BODY_INVALID', {
      pointer: `${here()}/developerName`,
      expected: 'expected the name of a property'
    })
  }
  return {
    developerName: property.developerName,
    contentType: property.contentType ?? null,
    contentValue: property.contentValue ?? null,
    objectData: property.objectData
      ? readFlowObjects(property.objectData, null, `${here()}/objectData`)
      : null
  }
}
