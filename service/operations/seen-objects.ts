import { createHash } from 'node:crypto'

import { parseWritten } from '../base/exact-number.ts'
import { ownerKey } from '../base/owner.ts'
import type { Answer } from '../exchange/types.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { bodyForm, writtenProperties } from '../objects/body-form.ts'
import { isGeneratedId } from '../objects/external-id.ts'
import type { SeenView } from '../objects/seen-view.ts'
import { viewOf, withView } from '../objects/seen-view.ts'
import type { FlowObject } from '../objects/types.ts'
import { schemaUrlOf } from './configuration.ts'
import { ifMatchOf } from './object-versions.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { mappingOf } from './session.ts'

/** An object as a flow last saw it, with what it has not seen, and its `ETag` (RFC 9110 8.8.3). */
export type ObjectVersion = Moment & { readonly etag: string; readonly object: FlowObject }

/** Objects of which a flow has not seen the same. */
type SeenGroup = Moment & { readonly view: SeenView; readonly ids: string[] }

/** When a flow saw something (ms since 1970). */
type Moment = { readonly at: number }

/** What a flow has not seen of objects, by their external ids. */
export type SeenViews = ReadonlyMap<string, Moment & { readonly view: SeenView }>

const LIFE_S = 24 * 60 * 60

/** Characters that are remembered of the objects of one type in one flow; the oldest are forgotten first. */
const REMEMBERED_MAX = 256 * 1024

/** About as many characters has a group in JSON besides its view, and an id besides its text. */
const GROUP_FRAME = 64
const ID_FRAME = 3

/** Ids in one group, so that a long list is not forgotten as a whole. */
const GROUP_MAX = 1_000

/**
 * Remembers for 24 hours what a flow has not seen of the objects that it gets
 * (docs/x-flow.md#what-a-flow-has-seen), in one value for all objects of a type. Nothing is written if there
 * is nothing to remember, and nothing to forget, and for a type that cannot be updated. Requests of one flow
 * at the same moment may overwrite what the other one remembers.
 */
export async function rememberSeen(
  session: Session,
  type: TypeRecord,
  objects: readonly FlowObject[]
): Promise<void> {
  const update = updateOf(session, type)
  // No more would be remembered.
  const known = objects.slice(0, REMEMBERED_MAX / ID_FRAME).filter(hasOwnId)
  if (update === undefined || known.length === 0) return
  const { store } = session.ports
  const key = memoryKey(session, 'seen', type, [])
  const before = readGroups(await store.get(key))
  const again = new Set(before.length === 0 ? [] : objects.map(({ externalId }) => externalId))
  const older = before.flatMap(group => {
    const ids = group.ids.filter(id => !again.has(id))
    return ids.length === 0 ? [] : [{ ...group, ids }]
  })
  const groups = groupsOf(known, writtenProperties(type, formOf(update)))
  if (groups.length === 0 && idCount(older) === idCount(before)) return
  const text = writeGroups([...older, ...groups])
  if (text === '[]') return store.delete(key)
  await store.set(key, text, LIFE_S, session.caller.owner)
}

/**
 * Remembers the version of an object that a flow has seen for 24 hours (docs/x-flow.md#versions), with what the
 * flow has not seen of it, if the type's update takes If-Match. An answer without an `ETag` deletes an older
 * version.
 *
 * @returns Whether the answer has a version that is remembered; else `rememberSeen` is due.
 */
export async function rememberVersion(
  session: Session,
  type: TypeRecord,
  object: FlowObject | undefined,
  { headers: { etag } }: Answer
): Promise<boolean> {
  const update = mappingOf(session, type, 'update')
  const id = object?.externalId ?? null
  if (object === undefined || id === null || update === undefined) return false
  if (ifMatchOf(update) === undefined) return false
  const { store } = session.ports
  const key = memoryKey(session, 'loaded', type, [id])
  if (etag === undefined) {
    await store.delete(key)
    return false
  }
  const version: ObjectVersion = { at: Date.now(), etag, object }
  await store.set(key, JSON.stringify(version), LIFE_S, session.caller.owner)
  return true
}

/** What the flow has not seen of the objects of a type, except for those of which it saw a version later. */
export async function recallSeen(session: Session, type: TypeRecord): Promise<SeenViews> {
  if (updateOf(session, type) === undefined) return new Map()
  const text = await session.ports.store.get(memoryKey(session, 'seen', type, []))
  return new Map(readGroups(text).flatMap(({ view, at, ids }) => ids.map(id => [id, { view, at }])))
}

/** An object that a flow sends, with what the flow has not seen of it as it saw it last. */
export function withSeen(
  { model: { types } }: Session,
  type: TypeRecord,
  object: FlowObject,
  seen: { readonly views: SeenViews; readonly version: ObjectVersion | undefined }
): FlowObject {
  const { views, version } = seen
  const listed = views.get(object.externalId?.trim() ?? '')
  const isVersionLater = version !== undefined && version.at >= (listed?.at ?? 0)
  return withView(types, type, object, isVersionLater ? viewOf(version.object) : listed?.view)
}

/** Whether updates of the API write objects of a type, so that it matters what a flow has seen of them. */
export function isUpdatable(session: Session, type: TypeRecord): boolean {
  return updateOf(session, type) !== undefined
}

/**
 * The version of an object that the flow last saw, if the update takes If-Match. If the header is optional, a
 * version that may be outdated, because Redis cannot be asked, is left out.
 */
export async function lastVersion(
  session: Session,
  type: TypeRecord,
  mapped: MappedEndpoint,
  id: string
): Promise<ObjectVersion | undefined> {
  const ifMatch = ifMatchOf(mapped)
  if (ifMatch === undefined) return undefined
  const { store } = session.ports
  const key = memoryKey(session, 'loaded', type, [id])
  const text = await (ifMatch.required ? store.get(key) : store.getLatest(key))
  return text === undefined ? undefined : parseWritten<ObjectVersion>(text)
}

/** The update of a type; undefined for none that sends an object to the API. */
function updateOf({ model }: Session, type: TypeRecord): SeenUpdate | undefined {
  const mapping = model.mappings.get(type.mappings.update ?? '')
  const endpoint = model.endpoints.get(mapping?.endpoint ?? '')
  if (mapping === undefined || endpoint === undefined) return undefined
  const isSent = mapping.example === null && bodyForm(endpoint.body, mapping.body) !== null
  return isSent ? { mapping, endpoint } : undefined
}

type SeenUpdate = Pick<MappedEndpoint, 'mapping' | 'endpoint'>

function formOf({ mapping, endpoint }: SeenUpdate): ReturnType<typeof bodyForm> {
  return bodyForm(endpoint.body, mapping.body)
}

function hasOwnId(object: FlowObject): object is FlowObject & { readonly externalId: string } {
  return object.externalId !== null && !isGeneratedId(object.externalId)
}

/**
 * Groups objects by what the flow has not seen of them, mostly the same for all objects of a list.
 *
 * @param written Names of the properties that the update writes.
 */
function groupsOf(
  objects: readonly (FlowObject & { readonly externalId: string })[],
  written: ReadonlySet<string>
): SeenGroup[] {
  const at = Date.now()
  const groups: SeenGroup[] = []
  const open = new Map<string, SeenGroup>()
  let left = REMEMBERED_MAX
  let last: { readonly names: readonly string[] | undefined; readonly text: string } | undefined
  for (const object of objects) {
    const view = viewOf(object, written)
    if (view === undefined) continue
    // Objects that lack the same share the list of its names.
    const names = (view.asCame ?? view.inside) ? undefined : object.unseen?.absent
    if (names === undefined || names !== last?.names) last = { names, text: JSON.stringify(view) }
    const { text } = last
    const known = open.get(text)
    const isFull = known === undefined || known.ids.length >= GROUP_MAX
    const group = isFull ? { at, view, ids: [] } : known
    left -= object.externalId.length + ID_FRAME + (isFull ? text.length + GROUP_FRAME : 0)
    if (left < 0) break
    group.ids.push(object.externalId)
    if (!isFull) continue
    open.set(text, group)
    groups.push(group)
  }
  return groups
}

function idCount(groups: readonly SeenGroup[]): number {
  return groups.reduce((sum, { ids }) => sum + ids.length, 0)
}

function readGroups(text: string | undefined): SeenGroup[] {
  return text === undefined ? [] : parseWritten<SeenGroup[]>(text)
}

/** The latest groups that fit, the oldest first. */
function writeGroups(groups: readonly SeenGroup[]): string {
  let left = REMEMBERED_MAX
  const texts: string[] = []
  for (const group of groups.toReversed()) {
    const text = JSON.stringify(group)
    left -= text.length
    if (left < 0) break
    texts.unshift(text)
  }
  return `[${texts.join()}]`
}

/**
 * The key of what is remembered of a type, or of one object, in one flow of one user. `stateId` is null if
 * the platform does not name the flow: then all calls of a user with the same configuration are one flow.
 */
function memoryKey(
  { caller, access }: Session,
  what: 'seen' | 'loaded',
  type: TypeRecord,
  rest: readonly string[]
): string {
  const parts = [
    ownerKey(caller.owner),
    caller.stateId,
    schemaUrlOf(caller.configuration),
    access.serverUrl,
    access.serverVariables,
    [access.apiKey, access.bearerToken, access.basic, access.client],
    caller.user.UserID,
    type.name,
    ...rest
  ]
  return `${what} ${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`
}
