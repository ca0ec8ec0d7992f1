import { isAscii, isPlain } from '../base/json-text.ts'
import type { FlowObject, FlowProperty } from '../objects/types.ts'

/** JSON of a property up to its value. */
type Head = {
  readonly contentType: string | null
  readonly isAscii: boolean
  /** Without an opening quote. */
  readonly text: string
  /** With an opening quote, for the first property. */
  readonly first: string
  /** With an opening quote, after a property whose JSON is complete. */
  readonly further: string
  /** With an opening quote, after a value whose closing quote is missing. */
  readonly next: string
}

/** A long list that is written after the text around it. */
type LongList = { readonly objects: readonly FlowObject[]; at: number }

type Writing = {
  isAscii: boolean
  /** The long lists in the text of the current step, in their order. */
  long: LongList[]
}

/** Objects that are being written. */
export type ObjectsWriter = {
  /** Writes some more; true at the end. */
  step(): boolean
  /** The JSON so far, in pieces. */
  readonly pieces: readonly Buffer[]
}

/** A nested list of more objects is written step by step. */
const LONG_LIST = 500

/** Characters that are written in one step, about. */
const STEP_LENGTH = 128 * 1024

/** Stands for a long list in a text. JSON has no such character. */
const PLACE = '\u0000'

/**
 * Writes the objects of an answer as a JSON array of `MObject`s, each with an external id
 * (docs/protocol.md#objects), step by step. A nested object that the platform sent without one gets its
 * internal id, which `readFlowObjects` reads as none, else its name and order. Building objects for
 * `JSON.stringify` would take twice as long.
 *
 * @param before JSON before the array, in ASCII.
 * @param after JSON after it, in ASCII.
 */
export function startWriting(
  objects: readonly FlowObject[],
  before = '',
  after = ''
): ObjectsWriter {
  const writing: Writing = { isAscii: true, long: [] }
  const pieces: Buffer[] = []
  /** What is still to be written, the last one first. */
  const open: (string | LongList)[] = [after, { objects, at: 0 }]
  let written = before

  function step(): boolean {
    while (written.length < STEP_LENGTH) {
      const next = open.pop()
      if (next === undefined) {
        flush()
        return true
      }
      if (typeof next === 'string') written += next
      else writeSome(next)
    }
    flush()
    return false
  }

  function writeSome(list: LongList): void {
    let text = list.at === 0 ? '[' : ''
    const { length } = list.objects
    while (list.at < length && text.length < STEP_LENGTH && writing.long.length === 0) {
      const object = list.objects[list.at]
      if (list.at > 0) text += ','
      list.at++
      if (object !== undefined) text += objectText(writing, object)
    }
    if (list.at === length) text += ']'
    else open.push(list)
    if (writing.long.length === 0) {
      written += text
      return
    }
    const [first = '', ...rest] = text.split(PLACE)
    written += first
    for (let at = rest.length - 1; at >= 0; at--) {
      open.push(rest[at] ?? '', writing.long[at] ?? { objects: [], at: 0 })
    }
    writing.long = []
  }

  function flush(): void {
    if (written === '') return
    // Both encode ASCII alike; latin1 is faster.
    pieces.push(Buffer.from(written, writing.isAscii ? 'latin1' : 'utf8'))
    written = ''
  }

  return { step, pieces }
}

function listText(writing: Writing, objects: readonly FlowObject[]): string {
  if (objects.length > LONG_LIST) {
    writing.long.push({ objects, at: 0 })
    return PLACE
  }
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

/** JSON of a property after a plain value, with the closing quote. */
const END = '","objectData":null}'

/** Heads by property name, since the objects of an answer, and the answers of an API, repeat them. */
const heads = new Map<string, Head>()

/** Heads that are kept, and the longest. */
const HEADS_MAX = 4_096
const HEAD_MAX_LENGTH = 250

function headOf(writing: Writing, { developerName, contentType }: FlowProperty): Head {
  const known = heads.get(developerName)
  if (known !== undefined && known.contentType === contentType) {
    if (!known.isAscii) writing.isAscii = false
    return known
  }
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
    isAscii: isAscii(text),
    text,
    first: [text, '"'].join(''),
    further: [',', text, '"'].join(''),
    next: [END, ',', text, '"'].join('')
  }
  if (heads.size >= HEADS_MAX) heads.clear()
  if (text.length <= HEAD_MAX_LENGTH) heads.set(developerName, head)
  return head
}

function textOrNull(writing: Writing, text: string | null): string {
  return text === null ? 'null' : string(writing, text)
}

function string(writing: Writing, text: string): string {
  if (isPlain(text)) return `"${text}"`
  if (!isAscii(text)) writing.isAscii = false
  return JSON.stringify(text)
}
