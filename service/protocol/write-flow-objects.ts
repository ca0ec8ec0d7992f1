import { isPlain, quoted } from '../base/json-text.ts'
import type { FlowObject, FlowProperty } from '../objects/types.ts'

/** The text of a property up to its value, and whole where it has none. */
type Head = {
  readonly contentType: string | null
  readonly text: string
  /** Up to the value, with the quote that begins it. */
  readonly open: string
  readonly empty: string
}

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
  let text = '['
  for (const object of objects) text += (text === '[' ? '' : ',') + objectText(heads, object)
  return `${text}]`
}

function objectText(
  heads: Heads,
  { internalId, externalId, developerName, order, properties }: FlowObject
): string {
  const id = externalId ?? internalId ?? `${developerName} ${order}`
  let text = `{"internalId":${textOrNull(internalId)},"externalId":${quoted(id)},"developerName":${quoted(developerName)},"typeElementId":null,"order":${order},"isSelected":false,"properties":[`
  let isFirst = true
  for (const property of properties) {
    if (!isFirst) text += ','
    text += propertyText(heads, property)
    isFirst = false
  }
  return `${text}]}`
}

// The fewer pieces a text is put together from, the less it takes to make one of them in the end.
function propertyText(heads: Heads, property: FlowProperty): string {
  const { contentValue, objectData } = property
  const head = headOf(heads, property)
  if (objectData !== null) {
    return `${head.text}${textOrNull(contentValue)},"objectData":${listText(heads, objectData)}}`
  }
  if (contentValue === null) return head.empty
  return isPlain(contentValue)
    ? `${head.open}${contentValue}","objectData":null}`
    : `${head.text}${JSON.stringify(contentValue)},"objectData":null}`
}

function headOf(heads: Heads, { developerName, contentType }: FlowProperty): Head {
  const known = heads.get(developerName)
  if (known !== undefined && known.contentType === contentType) return known
  // What is added up stays in pieces until it is read, what is joined is in one: a head is used often.
  const parts = [
    '{"typeElementPropertyId":null,"developerName":',
    quoted(developerName),
    ',"contentType":',
    textOrNull(contentType),
    ',"contentFormat":null,"contentValue":'
  ]
  const head = {
    contentType,
    text: parts.join(''),
    open: [...parts, '"'].join(''),
    empty: [...parts, 'null,"objectData":null}'].join('')
  }
  heads.set(developerName, head)
  return head
}

function textOrNull(text: string | null): string {
  return text === null ? 'null' : quoted(text)
}
