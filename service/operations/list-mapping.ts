import { boundParameters } from '../model/bound-parameters.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { ListFilter } from '../plan/types.ts'
import { chooseAmong, chooseMapping } from './choose-mapping.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { mappingsOf, missingMapping } from './session.ts'

/**
 * The mapping by which a list of a type is read: its query, else a load that needs no id.
 *
 * @throws ConnectorError `MAPPING_MISSING`, and as `chooseAmong`.
 */
export function listMapping(
  session: Session,
  type: TypeRecord,
  filter: ListFilter
): MappedEndpoint {
  const query = chooseMapping(session, type, 'query', filter)
  if (query !== undefined) return query
  const loads = mappingsOf(session, type, 'load').filter(load => !needsId(load))
  const load = chooseAmong(session, type, loads, filter)
  if (load === undefined) throw missingMapping(type, 'query', 'load without an id')
  return load
}

function needsId({ endpoint, mapping, answers }: MappedEndpoint): boolean {
  return (
    answers.takesParameters &&
    boundParameters(endpoint, mapping.bindings).some(
      ({ required, sources, fallback }) =>
        required && fallback === undefined && sources.some(source => source.from === 'id')
    )
  )
}
