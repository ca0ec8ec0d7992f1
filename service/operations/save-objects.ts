import type { Answer } from '../exchange/types.ts'
import type { OperationRecord, TypeRecord } from '../model/types.ts'
import { encodeObject } from '../objects/encode-object.ts'
import { isGeneratedId, ownId } from '../objects/external-id.ts'
import { findRecords } from '../objects/find-records.ts'
import { mergeSaved } from '../objects/merge-saved.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import { incompleteWrite } from './incomplete-write.ts'
import type { PlannedCall, Ports, Session } from './session.ts'
import { mappingOf, missingMapping, openSession, planCall, warnOfValues } from './session.ts'
import type { Caller, WriteRequest } from './types.ts'

type PlannedSave = { readonly object: FlowObject; readonly call: PlannedCall }

/**
 * Saves objects of a type one after another, each a create or an update (protocol 8.1, x-flow 4).
 * Every request is decided before the first is sent. On the first failure the rest is not sent.
 *
 * @returns The objects in the order given, with their external ids.
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`, `VALUE_INVALID`, `PARAMETER_*`;
 *   `SAVE_INCOMPLETE` naming what was written when one of several fails.
 */
export async function saveObjects(
  ports: Ports,
  caller: Caller,
  request: WriteRequest
): Promise<readonly FlowObject[]> {
  const session = await openSession(ports, caller)
  const type = typeNamed(session.model.types, request.type)
  const planned = request.objects.map(object => planSave(session, type, object))
  const saved: FlowObject[] = []
  for (const { object, call } of planned) {
    try {
      saved.push(savedObject(session, type, object, call.operation, await call.send()))
    } catch (error) {
      const done = saved.map(({ externalId }) => externalId)
      throw incompleteWrite('SAVE_INCOMPLETE', error, done, planned.length)
    }
  }
  return saved
}

function planSave(session: Session, type: TypeRecord, object: FlowObject): PlannedSave {
  const given = object.externalId?.trim() || null
  const realId = given === null || isGeneratedId(given) ? null : given
  const save = mappingOf(session, type, 'save')
  const update = mappingOf(session, type, 'update')
  const operation = realId === null ? (save ?? update) : update
  if (operation === undefined) {
    throw missingMapping(
      type,
      realId === null ? 'save' : 'update',
      realId === null ? 'create' : 'update'
    )
  }
  const { types } = session.model
  const mode = realId === null ? 'create' : 'update'
  const json = encodeObject(types, type.name, object, { mode, body: operation.body })
  const id = realId ?? keyOf(session, type, object)
  const body = operation.body === null ? null : json
  const call = planCall(session, operation, { id, object, body, filter: null, page: null })
  return { object, call }
}

/** The id that a new object's key property gives (protocol 8.1), for an endpoint that takes one. */
function keyOf({ model }: Session, type: TypeRecord, object: FlowObject): string | null {
  const whole = encodeObject(model.types, type.name, object, { mode: 'create', body: null })
  return ownId(type.identity, whole) ?? null
}

function savedObject(
  session: Session,
  type: TypeRecord,
  sent: FlowObject,
  operation: OperationRecord,
  answer: Answer
): FlowObject {
  const value = findRecords(operation.records, answer.body)?.values[0]
  const { object, warnings } = mergeSaved(session.model.types, type.name, sent, {
    value,
    newId: lastSegment(answer.headers.location)
  })
  warnOfValues(session, operation, warnings)
  return object
}

/** The id at the end of a `Location` header (x-flow 4); null without one. */
function lastSegment(location: string | undefined): string | null {
  const path = location?.split(/[?#]/, 1)[0] ?? ''
  const segment = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  try {
    return decodeURIComponent(segment) || null
  } catch {
    return null
  }
}
