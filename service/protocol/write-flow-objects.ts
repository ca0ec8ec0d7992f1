import { isPlain } from '../base/json-text.ts'
import type { FlowObject, FlowProperty } from '../objects/types.ts'

/** JSON of a property up to its value. */
type Head = {
  readonly contentType: string | null
  /** Without an opening quote. */
  readonly text: string
  /** With an opening quote, for the first property. */
  readonly first: string
  /** With an opening quote, after a property whose JSON is complete. */
  readonly further: string
  /** With an opening quote, after a value whose closing quote is missing. */
  readonly next: string
}

type Writing = {
  /** By property name, since the objects of a list repeat them. */
  readonly heads: Map<string, Head>
  isAscii: boolean
}

/** JSON text. ASCII text can be encoded as latin1, which is faster than UTF-8. */
export type WrittenObjects = { readonly text: string; readonly isAscii: boolean }

/**
 * Writes the objects of an answer as a JSON array of `MObject`s, each with an external id
 * (docs/protocol.md#objects). A nested object that the platform sent without one gets its internal id, which
 * `readFlowObjects` reads as none, else its name and order. Building objects for `JSON.stringify` would take
 * twice as long.
 */
export function writeFlowObjects(objects: readonly FlowObject[]): WrittenObjects {
  const writing: Writing = { heads: new Map(), isAscii: true }
  const text = listText(writing, objects)
  return { text, isAscii: writing.isAscii }
}

function listText(writing: Writing, objects: readonly FlowObject[]): string {
  let text = '['
  for (const object of objects) text += (text === '[' ? '' : ',') + objectText(writing, object)
  return `${text}]`
}

function objectText(
  writing: Writing,
  { internalId, externalId, developerName, order, properties }: FlowObject
): string {
  const id = externalId ?? internalId ?? `${developerName} ${order}`
  let text = `{"internalId":${textOrNull(writing, internalId)},"externalId":${string(writing, id)},"developerName":${string(writing, developerName)},"typeElementId":null,"order":${order},"isSelected":false,"properties":[`
  // Fewer concatenations are faster: between two plain values a single piece is added.
  let isOpen = false
  let isFirst = true
  for (const property of properties) {
    const { contentValue, objectData } = property
    const head = headOf(writing, property)
    if (contentValue !== null && objectData === null && isPlain(contentValue)) {
      text += isOpen ? head.next : isFirst ? head.first : head.further
      text += contentValue
      isOpen = true
    } else {
      const nested = objectData === null ? 'null' : listText(writing, objectData)
      const separator = isOpen ? `${END},` : isFirst ? '' : ','
      text += `${separator}${head.text}${textOrNull(writing, contentValue)},"objectData":${nested}}`
      isOpen = false
    }
    isFirst = false
  }
  return isOpen ? `${text}${END}]}` : `${text}]}`
}

const NOT_ASCII = /[\u0080-\uffff]/

/** JSON of a property after a plain value, with the closing quote. */
const END = '","objectData":null}'

function headOf(writing: Writing, { developerName, contentType }: FlowProperty): Head {
  const known = writing.heads.get(developerName)
  if (known !== undefined && known.contentType === contentType) return known
  // `join` makes a flat string, `+` a rope that would be flattened on every use.
  const text = [
    '{"typeElementPropertyId":null,"developerName":',
    string(writing, developerName),
    ',"contentType":',
    textOrNull(writing, contentType),
    ',"contentFormat":null,"contentValue":'
  ].join('')
  const head = {
    contentType,
    text,
    first: [text, '"'].join(''),
    further: [',', text, '"'].join(''),
    next: [END, ',', text, '"'].join('')
  }
  writing.heads.set(developerName, head)
  return head
}

function textOrNull(writing: Writing, text: string | null): string {
  return text === null ? 'null' : string(writing, text)
}

function string(writing: Writing, text: string): string {
  if (isPlain(text)) return `"${text}"`
  if (NOT_ASCII.test(text)) writing.isAscii = false
  return JSON.stringify(text)
}
