import type { JsonObject, JsonValue } from '../base/json.ts'
import { parseUrl } from '../base/parse-url.ts'
import { ConnectorError } from '../errors.ts'
import type { Answer } from '../exchange/types.ts'
import type { TypeRecord } from '../model/type-record.ts'
import { idInLocation } from '../plan/location-id.ts'
import { serverUrl } from '../plan/server-url.ts'
import { sendJudged } from './send-judged.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { mappingsOf } from './session.ts'

/** Statuses of an answer whose `Location` names what was created (RFC 9110 10.2.2). A 202 names a job. */
const LOCATING_STATUSES = [200, 201, 204, 303]

/** The mappings of a type with the address of an object, in the order in which they are asked. */
const ADDRESSES = ['load', 'update', 'delete'] as const

/** An answer to the save of one object. */
export type SaveAnswer = {
  readonly answer: Answer
  /** Of the call; blank where an example answers. */
  readonly url: string
  /** A new object under the API's names; empty for an update. */
  readonly members: JsonObject
}

/** The answer of a load, and its objects. */
export type SeenObject = { readonly answer: Answer; readonly values: readonly JsonValue[] }

/**
 * The external id in the `Location` of an answer, where its path is that of a load, update or delete of the
 * type (docs/x-flow.md#what-a-save-returns); null for none.
 */
export function locatedId(session: Session, type: TypeRecord, saved: SaveAnswer): string | null {
  if (!LOCATING_STATUSES.includes(saved.answer.status)) return null
  for (const mapped of ADDRESSES.flatMap(verb => mappingsOf(session, type, verb))) {
    const id = idAt(session, type, mapped, saved)
    if (id !== null) return id
  }
  return null
}

/**
 * Loads the object to which a 303 leads (RFC 9110 15.4.4), where the load of the type has that address at the
 * same origin. The object was saved, so nothing that fails here fails the save.
 *
 * @returns Null where there is nothing to load.
 */
export async function loadSeeOther(
  session: Session,
  type: TypeRecord,
  saved: SaveAnswer
): Promise<SeenObject | null> {
  const target = locationOf(saved)
  const isHere = target !== null && target.origin === URL.parse(saved.url)?.origin
  if (saved.answer.status !== 303 || !isHere) return null
  const gets = mappingsOf(session, type, 'load').filter(({ endpoint }) => endpoint.method === 'GET')
  const [found] = gets.flatMap(load => {
    const id = idAt(session, type, load, saved)
    return id === null ? [] : [{ load, id }]
  })
  if (found === undefined) return null
  const { load, id } = found
  target.hash = ''
  const page = { url: target.href, values: {} }
  const body = load.mapping.body === null ? null : {}
  try {
    const call = load.answers.plan({ id, object: null, body, filter: null, page, ifMatch: null })
    const { answer, judgement } = await sendJudged(session, load, call)
    return { answer, values: judgement.values }
  } catch (error) {
    session.caller.deadline.signal.throwIfAborted()
    if (!(error instanceof ConnectorError)) throw error
    const { code, status } = error
    session.ports.warn('a saved object could not be loaded from the address of a 303', {
      ...{ tenant: session.caller.owner.tenant, mapping: load.mapping.key, code, status }
    })
    return null
  }
}

function locationOf({ answer, url }: SaveAnswer): URL | null {
  const { location } = answer.headers
  return location === undefined ? null : parseUrl(location, url === '' ? undefined : url)
}

function idAt(
  { model, access }: Session,
  type: TypeRecord,
  { endpoint, mapping }: MappedEndpoint,
  saved: SaveAnswer
): string | null {
  const location = locationOf(saved)
  if (location === null) return null
  const place = { endpoint, bindings: mapping.bindings }
  try {
    const server = new URL(serverUrl(endpoint, model.index.documentUrl, access))
    return idInLocation(place, type, server, location, saved.members)
  } catch (error) {
    // Another endpoint may lack a server that the save did not need.
    if (!(error instanceof ConnectorError)) throw error
    return null
  }
}
