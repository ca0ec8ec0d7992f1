import { isPlain } from '../base/json-text.ts'
import type { FlowObject, FlowProperty } from '../objects/types.ts'

/** What stands around the value of a property, and the content type that is part of it. */
type Head = {
  readonly contentType: string | null
  /** Up to the value. */
  readonly text: string
  /** Up to a value that stands in quotes, as the first property or after one that is whole. */
  readonly first: string
  readonly further: string
  /** The same, after a value whose quotes are not closed yet. */
  readonly next: string
}

type Writing = {
  /** By the name of their property: the objects of a list repeat them. */
  readonly heads: Map<string, Head>
  isAscii: boolean
}

/** JSON text. That it is ASCII is worth knowing: its bytes are then simply its characters. */
export type WrittenObjects = { readonly text: string; readonly isAscii: boolean }

/**
 * Writes the objects of an answer as the JSON array of the wire's `MObject`s: no boolean or integer is null,
 * and every object has an external id (protocol 0.3, 0.6). A nested object that was sent without one, and
 * comes back as it was sent, gets the engine's own id, which `readFlowObjects` knows for none, else its
 * name and order. Building the answer as objects to serialise them would take twice as long.
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
  // Of a text that is put together from few pieces one is made quickly: what stands between two values
  // that are written as they are is one piece.
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

/** The end of a property after a value in quotes. */
const END = '","objectData":null}'

function headOf(writing: Writing, { developerName, contentType }: FlowProperty): Head {
  const known = writing.heads.get(developerName)
  if (known !== undefined && known.contentType === contentType) return known
  // What is added up stays in pieces until it is read, what is joined is in one: a head is used often.
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
