import { plainName } from '../../base/plain-name.ts'
import type { Compilation } from '../compilation.ts'
import type { SchemaView } from '../schema/schema-view.ts'
import { viewSchema } from '../schema/view-schema.ts'
import { findRecord, writableNames } from './find-record.ts'
import type { ReadOperation } from './read-operations.ts'
import { withoutResource } from './resource-words.ts'
import { acknowledges, newsOf } from './read-write-answer.ts'
import { vetoingVerb } from './verb-words.ts'
import type { WrittenResource } from './written-resource.ts'

/** How sure it is that an operation is a write of a resource. */
export type Judgement = { readonly score: number; readonly reasons: readonly string[] }

/** What a body must share with the objects; what of one whose answer is the new object, and of one whose answer is mute. */
const SHARE_MIN = 0.5
const SURE_SHARE_MIN = 0.2
const MUTE_SHARE_MIN = 0.8

const LEFT_OUT = (reason: string): Judgement => ({ score: 0, reasons: [reason] })

/**
 * Whether a POST on a collection creates an object: its body is part of the object, and its answer is a 201, has
 * `Location`, or is the object (docs/x-flow.md#inferred-writes).
 */
export function judgeCreate(
  compilation: Compilation,
  operation: ReadOperation,
  resource: WrittenResource
): Judgement {
  const verb = vetoingVerb(operation, 'save', resource.words)
  if (verb !== undefined) return LEFT_OUT(`its names say "${verb}"`)
  const isWhole = resource.views.some(view => view.at === operation.taken?.at)
  const told = newsOf(compilation, operation, resource)
  const news = told ?? acknowledges(compilation, operation, isWhole)
  if (news === null) return LEFT_OUT('its answer is neither 201 nor the object')
  if (news.isSure && isUndescribed(operation)) {
    return { score: 0.65, reasons: ['its body may have anything', news.reason] }
  }
  const least = news.isSure ? SURE_SHARE_MIN : told === null ? MUTE_SHARE_MIN : SHARE_MIN
  const body = judgeBody(compilation, operation, resource, least)
  if ('reason' in body) return LEFT_OUT(body.reason)
  const score = Math.min(0.98, 0.55 + 0.25 * body.share + news.weight)
  return { score, reasons: [body.said, news.reason] }
}

/** Whether a PUT on an item creates it too, with an id that the client chooses: it answers 201. */
export function judgePutCreate(
  compilation: Compilation,
  operation: ReadOperation,
  resource: WrittenResource
): Judgement {
  const verb = vetoingVerb(operation, 'save', resource.words)
  if (verb !== undefined) return LEFT_OUT(`its names say "${verb}"`)
  const isCreated = operation.answers.some(({ status }) => status === '201')
  if (!isCreated && !isManaged(operation)) return LEFT_OUT('it does not say that it creates')
  const body = judgeBody(compilation, operation, resource)
  if ('reason' in body) return LEFT_OUT(body.reason)
  const reason = isCreated ? 'it answers 201' : 'resources of this kind are created by PUT'
  return { score: 0.55 + 0.3 * body.share, reasons: [body.said, reason] }
}

/** Azure's resource providers, of which PUT creates (Resource Provider Contract, resource-api-reference). */
export function isManaged({ target: { path } }: ReadOperation): boolean {
  return /\/providers\/Microsoft\.[^/]+\//i.test(path)
}

/** How sure each method is for a change. */
const UPDATE_METHODS: { readonly [method: string]: number } = { PATCH: 0.65, PUT: 0.62, POST: 0.5 }

/** Whether an operation on an item changes it: its body is part of the object. */
export function judgeUpdate(
  compilation: Compilation,
  operation: ReadOperation,
  resource: WrittenResource
): Judgement {
  const verb = vetoingVerb(operation, 'update', resource.words)
  if (verb !== undefined) return LEFT_OUT(`its names say "${verb}"`)
  const { method } = operation.target
  const base = UPDATE_METHODS[method] ?? 0
  const isSure = method !== 'POST' || newsOf(compilation, operation, resource)?.isSame === true
  if (method !== 'POST' && isUndescribed(operation)) {
    return { score: base, reasons: ['its body may have anything', `${method} on one object`] }
  }
  const body = judgeBody(compilation, operation, resource, isSure ? SURE_SHARE_MIN : SHARE_MIN)
  if ('reason' in body) return LEFT_OUT(body.reason)
  return { score: base + 0.3 * body.share, reasons: [body.said, `${method} on one object`] }
}

/**
 * Whether a DELETE on an item deletes it.
 *
 * @param read The operation that reads the item; undefined where none does.
 */
export function judgeDelete(
  operation: ReadOperation,
  { words }: WrittenResource,
  read: ReadOperation | undefined
): Judgement {
  if (isOfOther(operation, read)) return LEFT_OUT('its id names another resource')
  const verb = vetoingVerb(operation, 'delete', words)
  if (verb !== undefined) return LEFT_OUT(`its names say "${verb}"`)
  const { summary, body, parameters } = operation
  if (/^(removes?|deletes?|unassigns?)\b.{0,80}\bfrom\b/i.test(summary)) {
    return LEFT_OUT('its summary says that it removes the object from another')
  }
  if (body.record?.required === true) return LEFT_OUT('it requires a body')
  const isAsked = parameters.some(
    ({ in: place, name, required, default: usual }) =>
      place === 'query' && required && usual === undefined && !/version/i.test(name)
  )
  const reasons = ['DELETE on one object']
  return isAsked
    ? { score: 0.75, reasons: [...reasons, 'it requires a parameter'] }
    : { score: 0.9, reasons }
}

/** Whether an operation takes a body of which the document shows no member. */
function isUndescribed({ taken, body }: ReadOperation): boolean {
  if (body.record?.isDeclared !== true || body.unsupported !== null) return false
  const { kind, properties, choices } = taken ?? { kind: 'any', properties: new Map(), choices: [] }
  return (kind === 'any' || kind === 'object') && properties.size + choices.length === 0
}

/** Whether ids such as `projects.topics.get` are of different resources. */
function isOfOther({ id }: ReadOperation, read: ReadOperation | undefined): boolean {
  const resourceOf = (given: string): string => given.split('.').slice(0, -1).join('.')
  const [own, other] = [resourceOf(id), resourceOf(read?.id ?? '')]
  return own.includes('.') && other.includes('.') && own !== other
}

type JudgedBody = { readonly share: number; readonly said: string } | { readonly reason: string }

/** How much of a body is part of the object, without what only the API sets. */
function judgeBody(
  compilation: Compilation,
  { taken, body }: ReadOperation,
  { pathWords, views, names }: WrittenResource,
  least = SHARE_MIN
): JudgedBody {
  if (body.unsupported !== null) return { reason: 'its body cannot be written' }
  if (taken === null) return { reason: 'its body is not described' }
  if (taken.kind === 'array') return { reason: 'it takes a list' }
  const like = views.find(view => view.at === taken.at) ?? views[0] ?? null
  const record = findRecord(compilation, taken, pathWords, like, 'body')
  if (record === null) return { reason: 'its body is no object' }
  if (views.some(view => view.at === record.view.at)) {
    return { share: 1, said: 'its body is the object' }
  }
  const written = writableNames(compilation, record.view)
  if (written.length === 0) return { reason: 'its body is not described' }
  if (uploads(compilation, body, record.view)) return { reason: 'it uploads a file' }
  if (isBatch(compilation, record.view, written, names))
    return { reason: 'it takes several objects' }
  const shared = written.filter(name => isMember(name, names, pathWords))
  const share = shared.length / written.length
  if (share < least) return { reason: 'its body is mostly not part of the object' }
  return { share, said: `its body has ${shared.length} of ${written.length} members of the object` }
}

/** Whether a form takes the content of a file. */
function uploads(
  compilation: Compilation,
  { record }: ReadOperation['body'],
  { properties }: SchemaView
): boolean {
  if (record?.encoding !== 'multipart') return false
  const views = [...properties.values()].map(located => viewSchema(compilation, located))
  return views.some(view => view?.format === 'binary')
}

/** Whether the objects have a member of a name, or one that it names otherwise: `user` for `userId`, `name` for `petName`. */
function isMember(name: string, names: ReadonlySet<string>, resource: readonly string[]): boolean {
  const plain = plainName(name)
  const object = plain.replace(/(ids?|guid|uuid|key)$/, '')
  const rest = withoutResource(name, resource)
  return (
    names.has(plain) ||
    (object.length > 2 && names.has(object)) ||
    (rest !== null && names.has(rest))
  )
}

/** Whether all that a body has is a list of objects or of ids, which is no member of the objects. */
function isBatch(
  compilation: Compilation,
  { properties }: SchemaView,
  [only = '', another]: readonly string[],
  names: ReadonlySet<string>
): boolean {
  if (names.has(plainName(only))) return false
  const located = another !== undefined ? undefined : properties.get(only)
  const view = located && viewSchema(compilation, located)
  return view?.kind === 'array'
}
