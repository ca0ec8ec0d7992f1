import { boundParameters } from '../model/bound-parameters.ts'
import type { EndpointRecord } from '../model/endpoint-record.ts'
import type { MappingRecord } from '../model/mapping-record.ts'
import { VERBS } from '../model/mapping-record.ts'
import { pagingReason, pagingWords } from '../model/paging-words.ts'
import type { IdentityRecord, PropertyRecord, TypeRecord } from '../model/type-record.ts'
import { mappingKeys } from '../model/type-record.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import { sourceWords } from '../plan/source-words.ts'
import { openDocument } from './open-session.ts'
import type { Ports } from './session.ts'
import type { Caller, TypeDetails } from './types.ts'

/**
 * Describes a type of the caller's document as its author wants to know it: what its values are in JSON, where its id
 * is, and what fills the parameters of its mappings. Needs no credential.
 *
 * @throws ConnectorError `TYPE_UNKNOWN`, and as `openDocument`.
 */
export async function describeType(
  ports: Ports,
  caller: Caller,
  name: string
): Promise<TypeDetails> {
  const { model } = await openDocument(ports, caller)
  const type = typeNamed(model.types, name)
  const mappings = VERBS.flatMap(verb => mappingKeys(type, verb)).flatMap(key => {
    const mapping = model.mappings.get(key)
    const endpoint = model.endpoints.get(mapping?.endpoint ?? '')
    return mapping === undefined || endpoint === undefined ? [] : [mappingOf(mapping, endpoint)]
  })
  return {
    name: type.name,
    form: type.form,
    id: idOf(type),
    properties: type.properties.map(propertyOf),
    mappings
  }
}

/** The places of the id in a JSON value: all of several parts, or one of them. */
function idOf({ identity }: TypeRecord): TypeDetails['id'] {
  const { composite, candidates }: IdentityRecord = identity
  if (composite !== null) return { all: true, paths: composite.map(({ path }) => path.join('.')) }
  return { all: false, paths: candidates.map(path => path.join('.')) }
}

function propertyOf(property: PropertyRecord): TypeDetails['properties'][number] {
  const { name, content, key, value, custom, readOnly, writeOnly, nullable, required } = property
  return {
    name,
    content,
    key,
    kind: value.form === 'scalar' ? value.kind : value.form,
    type: value.form === 'scalar' ? null : value.type,
    custom,
    readOnly,
    writeOnly,
    nullable,
    required: required === true
  }
}

function mappingOf(
  mapping: MappingRecord,
  endpoint: EndpointRecord
): TypeDetails['mappings'][number] {
  const { key, verb, bindings, origin, paging, records, batchSize, example } = mapping
  return {
    key,
    verb,
    method: endpoint.method,
    path: endpoint.path,
    origin,
    parameters: boundParameters(endpoint, bindings)
      .filter(({ sources, fallback }) => sources.length > 0 || fallback !== undefined)
      .map(({ in: place, name, required, sources }) => ({
        in: place,
        name,
        required,
        sources: sources.map(sourceWords)
      })),
    records: records.at === 'path' ? records.path : null,
    paging: paging === null ? null : `${pagingWords(paging)} (${pagingReason(paging)})`,
    batchSize,
    isExample: example !== null
  }
}
