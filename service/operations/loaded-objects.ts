import { createHash } from 'node:crypto'

import { isIfMatch } from '../base/header-names.ts'
import type { JsonObject } from '../base/json.ts'
import { jsonEqual, member } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { Answer } from '../exchange/types.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { bodyForm, encodeObject } from '../objects/encode-object.ts'
import type { FlowObject } from '../objects/types.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { mappingOf } from './session.ts'

/** An object as a flow saw it last, and the API's mark of that version (RFC 9110 8.8.3). */
type LoadedObject = { readonly etag: string; readonly object: FlowObject }

const LIFE_S = 24 * 60 * 60

/** The header with which an endpoint refuses to change another version; undefined where it has none. */
function ifMatchOf({ endpoint, mapping }: MappedEndpoint): BoundParameter | undefined {
  return boundParameters(endpoint, mapping.bindings).find(isIfMatch)
}

/**
 * Keeps what a flow sees of an object, with the `ETag` of the answer that showed it, for 24 hours
 * (x-flow 8), where the type's update can use it. Without an `ETag` an older version is forgotten.
 */
export async function rememberLoaded(
  session: Session,
  type: TypeRecord,
  object: FlowObject | undefined,
  { headers: { etag } }: Answer
): Promise<void> {
  const update = mappingOf(session, type, 'update')
  const id = object?.externalId ?? null
  if (object === undefined || id === null || update === undefined) return
  if (ifMatchOf(update) === undefined) return
  const { store } = session.ports
  const key = loadedKey(session, type, id)
  if (etag === undefined) return store.delete(key)
  const loaded: LoadedObject = { etag, object }
  await store.set(key, JSON.stringify(loaded), LIFE_S, session.caller.tenant)
}

/**
 * What the same flow saw last of an object, where an update can use it. An endpoint that demands a
 * version gets the last that is known here; to others one that is out of date is worse than none.
 */
export async function loadedBefore(
  session: Session,
  type: TypeRecord,
  mapped: MappedEndpoint,
  id: string
): Promise<LoadedObject | undefined> {
  const ifMatch = ifMatchOf(mapped)
  if (ifMatch === undefined) return undefined
  const { store } = session.ports
  const key = loadedKey(session, type, id)
  const text = await (ifMatch.required ? store.get(key) : store.getLatest(key))
  return text === undefined ? undefined : JSON.parse(text)
}

/** The members of an update that differ from those of the object as it was loaded (C30). */
export function changedMembers(
  { model }: Session,
  { mapping, endpoint }: MappedEndpoint,
  sent: JsonObject,
  loaded: FlowObject
): JsonObject {
  const body = bodyForm(endpoint.body, mapping.body)
  const before = encodedBefore(() =>
    encodeObject(model.types, mapping.type, loaded, { mode: 'update', body })
  )
  const changed = Object.entries(sent).filter(([key, value]) => {
    return !jsonEqual(value, member(before, key))
  })
  return Object.fromEntries(changed)
}

/** What a 412 says of an update that names the version it is about (x-flow 8); else undefined. */
export function changedProblem(
  mapped: MappedEndpoint,
  id: string,
  error: unknown
): ConnectorError | undefined {
  const isRefused = error instanceof ConnectorError && error.code === 'API_ERROR'
  if (!isRefused || error.status !== 412 || error.upstream === null) return undefined
  const { verb, type } = mapped.mapping
  if (verb !== 'update' || ifMatchOf(mapped) === undefined) return undefined
  const { upstream } = error
  return new ConnectorError('OBJECT_CHANGED', { id, type }, { upstream })
}

/** An answer may hold what an update must not: then nothing is known to be the same. */
function encodedBefore(encode: () => JsonObject): JsonObject {
  try {
    return encode()
  } catch (error) {
    if (error instanceof ConnectorError) return {}
    throw error
  }
}

/** One flow of one user: `stateId` is blank where the platform does not say which flow calls. */
function loadedKey({ caller, access }: Session, type: TypeRecord, id: string): string {
  const parts = [
    caller.tenant,
    caller.stateId,
    caller.configuration['schema url'],
    access.serverUrl,
    access.serverVariables,
    caller.user.UserID,
    type.name,
    id
  ]
  return `loaded ${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`
}
