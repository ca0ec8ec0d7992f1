import { nameWords, singularWords } from '../../base/name-words.ts'
import { trimTrailing } from '../../base/trim-trailing.ts'

/** One part of a path. `self` stands for the id of whoever calls: `me`, `current`. */
export type PathStep =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'self' }
  | { readonly kind: 'mixed'; readonly text: string }

/** A path without what says nothing about its resource. */
export type PathShape = {
  /** What is before the first word of a resource: `/api/v2`. */
  readonly prefix: string
  readonly steps: readonly PathStep[]
  /** The custom method of `/things/{id}:cancel`; null for none. */
  readonly action: string | null
  /** The parameter that ends the path; null for a path that ends otherwise. */
  readonly itemParameter: string | null
  /** Equal for paths that mean the same collection, of an item's path that of its collection. */
  readonly key: string
  /** The last word of the collection as words in lower case, in the singular. */
  readonly words: readonly string[]
  /** How many ids of other objects the collection's path takes. */
  readonly parents: number
}

/** Words before the resources of a path. */
const PREFIX =
  /^(apis?|rest|services?|latest|public|odata|json|data|web|v\d{1,3}([._-]\d{1,3}){0,3}((alpha|beta|rc)\d{0,3})?|\d{4}-\d{2}-\d{2}|\d{1,2}(\.\d{1,3}){0,3})$/i

const SELF = /^(me|@me|self|current|mine|~)$/i

/** Ends of a path that say how it is written. */
const FORMAT = /\.(json|xml|\{[^{}]{1,40}\})$/i

/** `Users('{id}')`, `Users(Id={id})`. */
const KEYED = /^([\w.-]{1,100})\((?:\w{1,60}=)?'?\{([^{}]{1,100})\}'?\)$/

/** Last words that only say that the path is a list. */
const LIST_WORDS = new Set(['list', 'all', 'index'])

/** Reads a path as collections and ids (docs/x-flow.md#inference). */
export function pathShape(path: string): PathShape {
  const [plain = ''] = path.split(/[?#]/)
  const parts = trimTrailing(plain, '/').split('/').slice(1)
  const { ends, action } = withoutAction(parts)
  const all = ends.flatMap(stepsOf)
  const begin = all.findIndex((step, index) => {
    const next = all[index + 1]
    return step.kind !== 'word' || next?.kind !== 'word' || !PREFIX.test(step.text)
  })
  const steps = all.slice(Math.max(0, begin))
  const last = steps.at(-1)
  const isItem = last?.kind === 'parameter' && action === null
  const collection = collectionSteps(isItem ? steps.slice(0, -1) : steps)
  const prefix = all.slice(0, Math.max(0, begin)).map(step => `/${textOf(step)}`)
  return {
    prefix: prefix.join(''),
    steps,
    action,
    itemParameter: isItem ? last.name : null,
    key: collectionKey(collection, isItem ? last.name : null),
    words: wordsOf(collection.findLast(step => step.kind === 'word')),
    parents: collection.filter(({ kind }) => kind === 'parameter' || kind === 'self').length
  }
}

/** The words of a name, the last one in the singular. */
export function singularName(name: string): string[] {
  return singularWords(nameWords(name))
}

function withoutAction(parts: readonly string[]): {
  readonly ends: readonly string[]
  readonly action: string | null
} {
  const last = parts.at(-1) ?? ''
  const mark = last.lastIndexOf(':')
  const isAction = mark > 0 && /^[A-Za-z]\w*$/.test(last.slice(mark + 1))
  if (!isAction) return { ends: parts, action: null }
  return { ends: [...parts.slice(0, -1), last.slice(0, mark)], action: last.slice(mark + 1) }
}

function stepsOf(part: string): PathStep[] {
  const bare = part.replace(FORMAT, '')
  const text = bare === '' ? part : bare
  const only = /^\{([^{}]+)\}$/.exec(text)?.[1]
  if (only !== undefined) return [{ kind: 'parameter', name: only }]
  const [, word, name] = KEYED.exec(text) ?? []
  if (word !== undefined && name !== undefined) {
    return [
      { kind: 'word', text: word },
      { kind: 'parameter', name }
    ]
  }
  if (text.includes('{')) return [{ kind: 'mixed', text }]
  return [SELF.test(text) ? { kind: 'self' } : { kind: 'word', text }]
}

/** A collection without a last word that only says that it is one. */
function collectionSteps(steps: readonly PathStep[]): readonly PathStep[] {
  const [last, before] = [steps.at(-1), steps.at(-2)]
  const isListWord = last?.kind === 'word' && LIST_WORDS.has(last.text.toLowerCase())
  return isListWord && before?.kind === 'word' ? steps.slice(0, -1) : steps
}

/** Of items right below a version, each parameter stands for a collection of its own: `/v1/{topic}`. */
function collectionKey(collection: readonly PathStep[], itemParameter: string | null): string {
  const key = collection.map(keyOf).join('/')
  const hasResource = collection.some(step => step.kind === 'word' && !PREFIX.test(step.text))
  return itemParameter === null || hasResource || key === '' ? key : `${key}/{}:${itemParameter}`
}

function keyOf(step: PathStep): string {
  switch (step.kind) {
    case 'parameter':
    case 'self':
      return '{}'
    case 'mixed':
      return step.text
    case 'word':
      return singularName(step.text).join('') || step.text
    default:
      return step satisfies never
  }
}

function wordsOf(step: PathStep | undefined): string[] {
  return step?.kind === 'word' ? singularName(step.text) : []
}

function textOf(step: PathStep): string {
  if (step.kind === 'parameter') return `{${step.name}}`
  return step.kind === 'self' ? 'me' : step.text
}
