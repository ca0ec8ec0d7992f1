import { createHash } from 'node:crypto'

import { canonicalJson, isJsonObject } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { Answer, ShownObjects } from '../exchange/types.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { mainId } from '../objects/external-id.ts'
import type { RowOutcome } from '../objects/match-rows.ts'
import { bareId, toldId } from '../objects/told-id.ts'
import { varyId } from '../objects/vary-id.ts'
import { serverUrl } from '../plan/server-url.ts'
import { locatedId } from './created-object.ts'
import type { PlannedSave, SaveCall } from './plan-save-calls.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { mappingOf } from './session.ts'

/** How far apart the ids of objects lie that are created by different requests. */
const SPREAD = 900

/** A whole number, as an id. */
const WHOLE = /^\d{1,30}$/

/** How many numbers below the largest one are tried. */
const TRIED_MAX = 10_000n

/**
 * What an example says of saved objects (docs/x-flow.md#writes-in-examples): all of them are saved. A new object
 * has the id that was sent or that the document declares, else another one of the same kind as those of the
 * examples, which differs from theirs.
 *
 * @param taken The ids of objects that were created before in the same request; those of these are added.
 */
export function savedExamples(
  session: Session,
  type: TypeRecord,
  { saves, mapped }: Pick<SaveCall, 'saves' | 'mapped'>,
  answer: Answer & { readonly shown: ShownObjects },
  taken: Set<string>
): RowOutcome[] {
  const { objects } = answer.shown
  return saves.map((save, index) => {
    const value = objects[index % objects.length]
    if (save.mode === 'update') return { is: 'saved', value, id: save.input.id }
    const sent = mainId(type.identity, save.members)
    const declared = declaredId(session, type, { save, mapped, answer, index })
    const isFree = declared !== null && !taken.has(declared)
    const id = sent ?? (isFree ? declared : otherId(session, type, { save, answer, taken }))
    taken.add(id)
    return { is: 'saved', value, id }
  })
}

type Created = {
  readonly save: PlannedSave
  readonly answer: Answer & { readonly shown: ShownObjects }
}

/** The id that the document declares for a new object: in its example, bare, or in `Location`; null for none. */
function declaredId(
  session: Session,
  type: TypeRecord,
  {
    save,
    mapped,
    answer,
    index
  }: Created & { readonly mapped: MappedEndpoint; readonly index: number }
): string | null {
  const { newIds } = answer.shown
  const own = newIds[index] ?? null
  if (own !== null || index > 0) return own
  const { body } = answer
  // What has an object of the type tells no other id.
  const told =
    newIds.length > 0 ? null : isJsonObject(body) ? toldId(type, body) : bareId(type, body)
  if (told !== null) return told
  return locatedId(session, type, {
    answer,
    url: addressOf(session, mapped),
    members: save.members
  })
}

/** The URL of a call, had it been made: the base of a relative `Location`. */
function addressOf({ model, access }: Session, { endpoint }: MappedEndpoint): string {
  try {
    return serverUrl(endpoint, model.index.documentUrl, access) + endpoint.path
  } catch (error) {
    if (error instanceof ConnectorError) return ''
    throw error
  }
}

/** An id that no other object has, the same for the same object. */
function otherId(
  session: Session,
  type: TypeRecord,
  { save, answer, taken }: Created & { readonly taken: ReadonlySet<string> }
): string {
  const { ids, lastId, largestId } = answer.shown
  const isKnown = (id: string): boolean => taken.has(id) || ids.has(id)
  const like = lastId ?? usualId(session, type)
  const content = createHash('sha256').update(canonicalJson(save.members)).digest()
  const start = content.readUInt16BE(0) % SPREAD
  const bounded = boundedId(like, { ids, largestId }, start, isKnown)
  if (bounded !== null) return bounded
  let by = 1 + start
  while (isKnown(varyId(like, by))) by++
  return varyId(like, by)
}

/** A free whole number between those that are shown and the largest one; null where none is needed, or left. */
function boundedId(
  like: string,
  { ids, largestId }: Pick<ShownObjects, 'ids' | 'largestId'>,
  start: number,
  isKnown: (id: string) => boolean
): string | null {
  if (largestId === null || !WHOLE.test(like)) return null
  const shown = [...ids, like].filter(id => WHOLE.test(id)).map(BigInt)
  const lowest = shown.reduce((low, id) => (id < low ? id : low))
  const count = largestId - lowest + 1n
  for (let step = 0n; step < count && step < TRIED_MAX; step++) {
    const id = String(largestId - ((BigInt(start) + step) % count))
    if (!isKnown(id)) return id
  }
  return null
}

/** An id for a type whose examples show none, of the kind that the parameters of its endpoints take. */
function usualId(session: Session, type: TypeRecord): string {
  for (const verb of ['update', 'delete', 'load'] as const) {
    const mapped = mappingOf(session, type, verb)
    const binding = mapped?.mapping.bindings.find(({ sources }) =>
      sources.some(({ from }) => from === 'id')
    )
    const parameter = mapped?.endpoint.parameters.find(
      each => each.in === binding?.in && each.name === binding.name
    )
    if (parameter?.kind === 'integer' || parameter?.kind === 'number') return '1000'
  }
  return 'new-1000'
}
