import { ConnectorError } from '../errors.ts'
import type { PlannedCall } from '../exchange/answers.ts'
import { bodyForm } from '../objects/body-form.ts'
import { encodeObject } from '../objects/encode-object.ts'
import { isGeneratedId } from '../objects/external-id.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import { createTurns } from '../time/turns.ts'
import { incompleteWrite, writeReached } from './incomplete-write.ts'
import { openSession } from './open-session.ts'
import { sendJudged } from './send-judged.ts'
import type { Ports } from './session.ts'
import { isApiError, mappingOf, missingMapping } from './session.ts'
import type { Caller, WriteRequest } from './types.ts'

/**
 * Deletes objects of a type by their external ids (docs/protocol.md#delete). An object that is already gone
 * counts as deleted. All requests are planned before the first is sent.
 *
 * @throws ConnectorError `TYPE_UNKNOWN`, `MAPPING_MISSING`, `ID_REQUIRED`, `ID_GENERATED`,
 *   `DELETE_INCOMPLETE`, and those of parameters and the API.
 */
export async function deleteObjects(
  ports: Ports,
  caller: Caller,
  request: WriteRequest
): Promise<void> {
  const session = await openSession(ports, caller)
  const type = typeNamed(session.model.types, request.type)
  const mapped = mappingOf(session, type, 'delete')
  if (mapped === undefined) throw missingMapping(type, 'delete', 'delete')
  const form = bodyForm(mapped.endpoint.body, mapped.mapping.body)
  const options = { mode: 'update', body: form } as const
  const calls: { readonly id: string; readonly call: PlannedCall }[] = []
  const turns = createTurns(caller.deadline.signal)
  for (const [index, object] of request.objects.entries()) {
    if (turns.isOver()) await turns.next()
    const id = object.externalId?.trim() || null
    if (id === null)
      throw new ConnectorError('ID_REQUIRED', { index, type: type.name, what: 'delete' })
    // An example knows every object by the id that the flow has of it.
    if (mapped.answers.takesParameters && isGeneratedId(id)) {
      throw new ConnectorError('ID_GENERATED', { index, type: type.name })
    }
    const body =
      form === null ? null : encodeObject(session.model.types, type.name, object, options)
    const input = { id, object, body, filter: null, page: null, ifMatch: null }
    calls.push({ id, call: mapped.answers.plan(input) })
  }
  const written: (readonly [index: number, externalId: string])[] = []
  for (const [index, { id, call }] of calls.entries()) {
    const progress = { count: calls.length, written, failed: [index] }
    caller.deadline.reached = () => writeReached('deleted', progress)
    try {
      await sendJudged(session, mapped, call)
    } catch (error) {
      if (!isApiError(error, 404, 410)) throw incompleteWrite('DELETE_INCOMPLETE', error, progress)
    }
    written.push([index, id])
  }
}
