import { createHash } from 'node:crypto'

import { ownerKey } from '../base/owner.ts'
import { isIfMatch } from '../base/header-names.ts'
import type { JsonObject } from '../base/json.ts'
import { jsonEqual, member } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { CallInput } from '../exchange/answers.ts'
import type { Answer } from '../exchange/types.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { bodyForm, encodeObject } from '../objects/encode-object.ts'
import type { FlowObject } from '../objects/types.ts'
import { bodyValues } from '../plan/parameter-values.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { isApiError, mappingOf } from './session.ts'

/** An object as a flow last saw it, and the `ETag` of that version (RFC 9110 8.8.3). */
type ObjectVersion = { readonly etag: string; readonly object: FlowObject }

const LIFE_S = 24 * 60 * 60

/** The If-Match header parameter of an endpoint. */
function ifMatchOf({ endpoint, mapping }: MappedEndpoint): BoundParameter | undefined {
  return boundParameters(endpoint, mapping.bindings).find(isIfMatch)
}

/**
 * Stores the version of an object that a flow has seen for 24 hours (docs/x-flow.md#versions), if the type's
 * update takes If-Match. An answer without an `ETag` deletes an older version.
 */
export async function rememberVersion(
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
  const key = versionKey(session, type, id)
  if (etag === undefined) return store.delete(key)
  const version: ObjectVersion = { etag, object }
  await store.set(key, JSON.stringify(version), LIFE_S, session.caller.owner)
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
  const key = versionKey(session, type, id)
  const text = await (ifMatch.required ? store.get(key) : store.getLatest(key))
  return text === undefined ? undefined : JSON.parse(text)
}

/** The members of an update that differ from the object as it was loaded. */
export function changedMembers(
  { model }: Session,
  { mapping, endpoint }: MappedEndpoint,
  sent: JsonObject,
  loaded: FlowObject
): JsonObject {
  const options = { mode: 'update', body: bodyForm(endpoint.body, mapping.body) } as const
  let before: JsonObject = {}
  try {
    before = encodeObject(model.types, mapping.type, loaded, options)
  } catch (error) {
    // An answer may hold values that an update must not; then every member counts as changed.
    if (!(error instanceof ConnectorError)) throw error
  }
  const changed = Object.entries(sent).filter(([key, value]) => {
    return !jsonEqual(value, member(before, key))
  })
  return Object.fromEntries(changed)
}

/** Whether the members of the body that have sources of their own are those of the object as it was loaded. */
export function hasSameValues(
  { model, access, user }: Session,
  { mapping, endpoint }: MappedEndpoint,
  input: CallInput,
  loaded: FlowObject
): boolean {
  const [now, before] = [input.object, loaded].map(object => {
    const scope = { endpoint, use: mapping, types: model.types, access }
    const values = bodyValues({ ...scope, input: { ...input, object, user } })
    return values.map(({ parameter: { name }, value }) => [name, value])
  })
  return jsonEqual(now, before)
}

/** The problem of a 412 to an update with If-Match; undefined for any other error. */
export function changedProblem(
  mapped: MappedEndpoint,
  id: string,
  error: unknown
): ConnectorError | undefined {
  if (!isApiError(error, 412) || error.upstream === null) return undefined
  const { verb, type } = mapped.mapping
  if (verb !== 'update' || ifMatchOf(mapped) === undefined) return undefined
  return new ConnectorError('OBJECT_CHANGED', { id, type }, { upstream: error.upstream })
}

/** One object in one flow of one user. `stateId` is null if the platform does not name the flow. */
function versionKey({ caller, access }: Session, type: TypeRecord, id: string): string {
  const parts = [
    ownerKey(caller.owner),
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
