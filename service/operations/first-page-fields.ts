import { createHash } from 'node:crypto'

import { parseWritten } from '../base/exact-number.ts'
import { ownerKey } from '../base/owner.ts'
import { ConnectorError } from '../errors.ts'
import type { OpenModel } from '../model/connector-model.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { InferredFields } from '../objects/infer-fields.ts'
import { inferFields, typeWithFields } from '../objects/infer-fields.ts'
import { EVERY_OBJECT } from '../plan/filter/every-object.ts'
import type { PageRequest } from '../plan/paging/window-state.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import { schemaUrlOf } from './configuration.ts'
import { pageReader, WHOLE_LIST } from './read-pages.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { mappingOf } from './session.ts'

/** How long fields are kept after their last use. */
const LIFE_SECONDS = 90 * 24 * 60 * 60

/** First pages that are read at a time. */
const AT_ONCE = 4

/** The fields of a page without records. */
export const NO_FIELDS = '{}'

/** A type whose first page showed no fields, and why. */
export type UnknownFields = { readonly type: string; readonly reason: string }

const completed = new WeakMap<TypeRecord, Map<string, TypeRecord>>()

/**
 * A session in which a type of a manifest without `schema` has the fields of the first page of its list
 * (docs/pipelines.md#schema). They are kept for each tenant until the manifest says something else of the type.
 *
 * @throws ConnectorError `TYPE_UNKNOWN`, `FIELDS_UNKNOWN` if the page has no records, and those of the call.
 */
export async function withFirstPage(session: Session, typeName: string): Promise<Session> {
  const type = typeNamed(session.model.types, typeName)
  if (!needsFirstPage(type)) return session
  const complete = await completeType(session, type)
  return { ...session, model: withTypes(session.model, new Map([[type.name, complete]])) }
}

/** Whether the fields of a type are those of the first page of its list. */
export function needsFirstPage({ fields }: TypeRecord): boolean {
  return fields === 'first page'
}

/** The types of a model, each with its fields, and those whose first page showed none. */
export async function completeTypes(
  session: Session,
  types: readonly TypeRecord[]
): Promise<{ readonly types: readonly TypeRecord[]; readonly unknown: readonly UnknownFields[] }> {
  const complete: TypeRecord[] = []
  const unknown: UnknownFields[] = []
  const completeOne = async (type: TypeRecord): Promise<void> => {
    try {
      complete.push(needsFirstPage(type) ? await completeType(session, type) : type)
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      session.signal.throwIfAborted()
      unknown.push({ type: type.name, reason: error.message })
    }
  }
  for (let at = 0; at < types.length; at += AT_ONCE) {
    await Promise.all(types.slice(at, at + AT_ONCE).map(completeOne))
  }
  return { types: complete, unknown }
}

async function completeType(session: Session, type: TypeRecord): Promise<TypeRecord> {
  const { store } = session.ports
  const query = mappingOf(session, type, 'query')
  if (query === undefined) return type
  const key = keyOf(session, query)
  const kept = await store.getLocal(key)
  if (kept !== undefined) return typeOf(type, kept)
  const text = await firstPageFields(session, query)
  if (text === NO_FIELDS) throw new ConnectorError('FIELDS_UNKNOWN', { type: type.name })
  await store.set(key, text, LIFE_SECONDS, session.caller.owner)
  return typeOf(type, text)
}

/**
 * The fields of the first page of a list, as text; `NO_FIELDS` if it has no records.
 *
 * @param values Values of parameters that the page is asked for with. Default: none.
 */
export async function firstPageFields(
  session: Session,
  query: MappedEndpoint,
  values: PageRequest['values'] = {}
): Promise<string> {
  const page = await pageReader(session, query, EVERY_OBJECT, {
    window: WHOLE_LIST,
    maxRecords: session.ports.settings.SCAN_MAX_RECORDS,
    values
  }).next()
  return JSON.stringify(inferFields(page?.values ?? []))
}

/** A session in which a type has known fields. */
export function withFields(session: Session, type: TypeRecord, text: string): Session {
  return { ...session, model: withTypes(session.model, new Map([[type.name, typeOf(type, text)]])) }
}

/** The same record for the same fields. */
function typeOf(type: TypeRecord, text: string): TypeRecord {
  const ofType = completed.get(type) ?? new Map<string, TypeRecord>()
  const known = ofType.get(text)
  if (known !== undefined) return known
  const complete = typeWithFields(type, parseWritten<InferredFields>(text))
  // Tenants of one manifest may see different fields; the last ones are kept.
  if (ofType.size === 8) ofType.clear()
  completed.set(type, ofType.set(text, complete))
  return complete
}

/** The key of what a tenant's list showed, by all that the manifest says of it. */
function keyOf({ caller }: Session, { mapping, endpoint }: MappedEndpoint): string {
  const { owner, configuration } = caller
  const parts = [ownerKey(owner), schemaUrlOf(configuration), mapping, endpoint]
  return `fields:1:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`
}

/** A model with some types in place of those of the same names. */
function withTypes(model: OpenModel, types: ReadonlyMap<string, TypeRecord>): OpenModel {
  const { types: before } = model
  return {
    ...model,
    types: { get: name => types.get(name) ?? before.get(name), keys: () => before.keys() }
  }
}
