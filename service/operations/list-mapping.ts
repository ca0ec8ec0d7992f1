import { boundParameters } from '../model/bound-parameters.ts'
import type { TypeRecord } from '../model/type-record.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { mappingOf, missingMapping } from './session.ts'

/**
 * The mapping by which a list of a type is read: its query, else a load that needs no id.
 *
 * @throws ConnectorError `MAPPING_MISSING`
 */
export function listMapping(session: Session, type: TypeRecord): MappedEndpoint {
  const query = mappingOf(session, type, 'query')
  if (query !== undefined) return query
  const load = mappingOf(session, type, 'load')
  if (load === undefined || needsId(load)) {
    throw missingMapping(type, 'query', 'load without an id')
  }
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
