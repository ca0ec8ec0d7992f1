import { quoted } from '../base/json-text.ts'
import type { FlowObject, FlowProperty } from '../objects/types.ts'

/** The text of a property up to its value, and the content type that stands in it. */
type Head = { readonly contentType: string | null; readonly text: string }

/** Heads by the name of their property: the objects of a list repeat them. */
type Heads = Map<string, Head>

/**
 * Writes the objects of an answer as the JSON array of the wire's `MObject`s: no boolean or integer is null,
 * and every object has an external id (protocol 0.3, 0.6). A nested object that was sent without one, and
 * comes back as it was sent, gets the engine's own id, which `readFlowObjects` knows for none, else its
 * name and order.
 */
export function writeFlowObjects(objects: readonly FlowObject[]): string {
  return listText(new Map(), objects)
}

function listText(heads: Heads, objects: readonly FlowObject[]): string {
  let text = ''
  for (const object of objects) text += (text === '' ? '' : ',') + objectText(heads, object)
  return `[${text}]`
}

function objectText(
  heads: Heads,
  { internalId, externalId, developerName, order, properties }: FlowObject
): string {
  const id = externalId ?? internalId ?? `${developerName} ${order}`
  let text = ''
  for (const property of properties) {
    text += (text === '' ? '' : ',') + propertyText(heads, property)
  }
  return `{"internalId":${textOrNull(internalId)},"externalId":${quoted(id)},"developerName":${quoted(developerName)},"typeElementId":null,"order":${order},"isSelected":false,"properties":[${text}]}`
}

function propertyText(heads: Heads, property: FlowProperty): string {
  const { contentValue, objectData } = property
  const nested = objectData === null ? 'null' : listText(heads, objectData)
  return `${headOf(heads, property)}${textOrNull(contentValue)},"objectData":${nested}}`
}

function headOf(heads: Heads, { developerName, contentType }: FlowProperty): string {
  const known = heads.get(developerName)
  if (known !== undefined && known.contentType === contentType) return known.text
  const text = `{"typeElementPropertyId":null,"developerName":${quoted(developerName)},"contentType":${textOrNull(contentType)},"contentFormat":null,"contentValue":`
  heads.set(developerName, { contentType, text })
  return text
}

function textOrNull(text: string | null): string {
  return text === null ? 'null' : quoted(text)
}
