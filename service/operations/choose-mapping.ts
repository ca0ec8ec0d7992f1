import { ConnectorError } from '../errors.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { Filling } from '../plan/fill-mapping.ts'
import { fillMapping } from '../plan/fill-mapping.ts'
import type { ListFilter } from '../plan/types.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { mappingsOf } from './session.ts'

/** The verbs whose key may be a list of mappings. */
type ReadVerb = 'load' | 'query'

/**
 * The mapping that serves a request for objects; undefined when the type has none of the verb. As
 * `chooseAmong`.
 */
export function chooseMapping(
  session: Session,
  type: TypeRecord,
  verb: ReadVerb,
  filter: ListFilter
): MappedEndpoint | undefined {
  return chooseAmong(session, type, mappingsOf(session, type, verb), filter)
}

/**
 * The mapping all of whose required parameters a request fills; of several the one that takes most conditions of
 * the filter, of equals the first (docs/x-flow.md#several-mappings-of-one-type). A single one is not asked. Undefined
 * for no mapping.
 *
 * @throws ConnectorError `MAPPING_UNFILLED` where none fits, and those of `fillMapping`.
 */
export function chooseAmong(
  session: Session,
  type: TypeRecord,
  mappings: readonly MappedEndpoint[],
  filter: ListFilter
): MappedEndpoint | undefined {
  const [first, second] = mappings
  if (first === undefined || second === undefined) return first
  const tried = mappings.map(mapped => ({ mapped, filling: fillingOf(session, mapped, filter) }))
  let best: { readonly mapped: MappedEndpoint; readonly taken: number } | undefined
  for (const { mapped, filling } of tried) {
    if (!('taken' in filling) || filling.taken <= (best?.taken ?? -1)) continue
    best = { mapped, taken: filling.taken }
  }
  // What the document answers needs no values.
  const chosen = best?.mapped ?? mappings.find(({ answers }) => !answers.takesParameters)
  if (chosen !== undefined) return chosen
  const key = `x-flow-${first.mapping.verb}`
  const needs = tried.flatMap(({ filling }) => ('needs' in filling ? filling.needs : []))
  throw new ConnectorError('MAPPING_UNFILLED', { type: type.name, key, needs: needs.join('; ') })
}

function fillingOf(
  { model, access, user }: Session,
  { mapping, endpoint, answers }: MappedEndpoint,
  filter: ListFilter
): Filling {
  const { id } = filter
  const input = { id, object: null, body: null, filter, page: null, ifMatch: null, user }
  return fillMapping({ endpoint, use: mapping, types: model.types, access, input }, answers.paging)
}
