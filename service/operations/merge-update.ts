import { ConnectorError } from '../errors.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { bodyForm } from '../objects/body-form.ts'
import { encodeObject } from '../objects/encode-object.ts'
import { layOver } from '../objects/lay-over.ts'
import type { FlowObject } from '../objects/types.ts'
import { EVERY_OBJECT } from '../plan/filter/every-object.ts'
import { chooseMapping } from './choose-mapping.ts'
import type { PlannedSave } from './plan-save-calls.ts'
import { callForRecords, decodeRecords } from './read-pages.ts'
import type { MappedEndpoint, Session } from './session.ts'

/**
 * Reads the object that a flow updates by `x-flow-load`, and lays what the flow sends over it, to send the
 * whole (docs/x-flow.md#merged-updates). If the flow has seen no version, the one that was read is named.
 *
 * @param save The update without what the flow has not seen; stays as it is if no load of the API has the object.
 * @param isAgain An earlier update changes the version of the object, so that none is named.
 * @throws ConnectorError `ANSWER_UNEXPECTED` if the answer lacks the object, and those of calls: an object
 *   that the API does not know is its 404.
 */
export async function mergeUpdate(
  session: Session,
  type: TypeRecord,
  save: PlannedSave,
  isAgain: boolean
): Promise<PlannedSave> {
  const { types } = session.model
  const { mapping, endpoint, answers } = save.mapped
  const id = save.input.id ?? ''
  const load = chooseMapping(session, type, 'load', { ...EVERY_OBJECT, id })
  if (load === undefined || !load.answers.takesParameters || !answers.takesParameters) return save
  const { held, etag } = await readHeld(session, load, id)
  const whole = layOver(types, type, save.object, held, mapping.blank)
  const form = bodyForm(endpoint.body, mapping.body)
  const options = { mode: 'update', body: form, blank: mapping.blank } as const
  const body = encodeObject(types, type.name, whole, options)
  const ifMatch = isAgain ? null : (save.input.ifMatch ?? etag)
  return { ...save, input: { ...save.input, body, ifMatch } }
}

/** The object with an id as the API has it, with all of its JSON. */
async function readHeld(
  session: Session,
  load: MappedEndpoint,
  id: string
): Promise<{ readonly held: FlowObject; readonly etag: string | null }> {
  const { judgement, answer } = await callForRecords(session, load, { ...EVERY_OBJECT, id }, null)
  const isObject = judgement.is === 'object'
  const objects = await decodeRecords(session, load.mapping, judgement.values, {
    notes: 'whole',
    ...(isObject && { knownId: id })
  })
  const held = isObject ? objects[0] : objects.find(({ externalId }) => externalId === id)
  if (held !== undefined) return { held, etag: answer.headers.etag ?? null }
  const { method, path } = load.endpoint
  const reason = 'it lacks the object that is to be updated'
  const holes = { method, path, key: 'x-flow-load', type: load.mapping.type, reason }
  throw new ConnectorError('ANSWER_UNEXPECTED', holes)
}
