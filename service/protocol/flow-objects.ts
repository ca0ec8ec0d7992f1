import { ConnectorError } from '../errors.ts'
import type { FlowObject, FlowProperty } from '../objects/types.ts'
import type { RequestObject, ResponseObject } from './schemas.ts'

type RequestProperty = NonNullable<RequestObject['properties']>[number]
type ResponseProperty = ResponseObject['properties'][number]

/**
 * Reads the objects of a request (protocol 5, 8.1). All are of `type`, whatever they say themselves;
 * nested ones keep their own name. An external id that is blank, or that only repeats the engine's
 * internal id, is none. An object without `order` gets its index.
 *
 * @param pointer Where the objects stand in the body.
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
      readProperty(property, `${pointer}/${index}/properties/${at}`)
    )
  }))
}

function externalId({ externalId, internalId }: RequestObject): string | null {
  if (externalId == null || externalId.trim() === '') return null
  // early engines fill the external id of objects made in the flow with their own id (protocol 8.1)
  return externalId.toLowerCase() === internalId?.toLowerCase() ? null : externalId
}

function readProperty(property: RequestProperty, pointer: string): FlowProperty {
  if (property.developerName == null || property.developerName.trim() === '') {
    throw new ConnectorError('BODY_INVALID', {
      pointer: `${pointer}/developerName`,
      expected: 'expected the name of a property'
    })
  }
  return {
    developerName: property.developerName,
    contentType: property.contentType ?? null,
    contentValue: property.contentValue ?? null,
    objectData: property.objectData
      ? readFlowObjects(property.objectData, null, `${pointer}/objectData`)
      : null
  }
}

/**
 * Writes an object of an answer: no boolean or integer is null, and every object has an external id
 * (protocol 0.3, 0.6). A nested object that was sent without one, and comes back as it was sent, gets
 * the engine's own id, which `readFlowObjects` knows for none, else its name and order.
 */
export function writeFlowObject(object: FlowObject): ResponseObject {
  return {
    internalId: object.internalId,
    externalId: object.externalId ?? object.internalId ?? `${object.developerName} ${object.order}`,
    developerName: object.developerName,
    typeElementId: null,
    order: object.order,
    isSelected: false,
    properties: object.properties.map(writeProperty)
  }
}

function writeProperty(property: FlowProperty): ResponseProperty {
  return {
    typeElementPropertyId: null,
    developerName: property.developerName,
    contentType: property.contentType,
    contentFormat: null,
    contentValue: property.contentValue,
    objectData: property.objectData?.map(writeFlowObject) ?? null
  }
}
