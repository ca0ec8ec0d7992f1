import { plainText } from '../../base/json.ts'
import { compileCatalog } from '../../compiler/catalog/compile-catalog.ts'
import type { CatalogEndpoint } from '../../model/catalog.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { EndpointRecord } from '../../model/endpoint-record.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import { mappingKeys } from '../../model/type-record.ts'
import type { CommandDocument } from '../document/read-document.ts'

/**
 * The model of a document in which each required parameter without a default has the sample value of the document as
 * its default (docs/terminal.md#call): its `example`, the first of its `examples`, or `x-ms-test-value`.
 */
export function withSamples({ document, model }: CommandDocument): ConnectorModel {
  const { endpoints } = compileCatalog(document, model)
  const known = new Map(endpoints.map(each => [`${each.method} ${each.path}`, each]))
  const sampled = Object.entries(model.endpoints).map(
    ([key, endpoint]) =>
      [key, sampledEndpoint(endpoint, known.get(`${endpoint.method} ${endpoint.path}`))] as const
  )
  return { ...model, endpoints: Object.fromEntries(sampled) }
}

/** The sample of the id by which a type is loaded; null for none. */
export function sampleId(model: ConnectorModel, type: TypeRecord): string | null {
  for (const key of mappingKeys(type, 'load')) {
    const mapping = model.mappings[key]
    const isId = mapping?.bindings.find(({ sources }) => sources.some(({ from }) => from === 'id'))
    const { parameters = [] } = model.endpoints[mapping?.endpoint ?? ''] ?? {}
    const taken = parameters.find(({ in: place, name }) => place === isId?.in && name === isId.name)
    if (taken?.default !== undefined) return plainText(taken.default)
  }
  return null
}

function sampledEndpoint(
  endpoint: EndpointRecord,
  shown: CatalogEndpoint | undefined
): EndpointRecord {
  if (shown === undefined) return endpoint
  const parameters = endpoint.parameters.map(parameter => {
    if (!parameter.required || parameter.default !== undefined) return parameter
    const { example } =
      shown.parameters.find(
        ({ in: place, name }) => place === parameter.in && name === parameter.name
      ) ?? {}
    return example === undefined ? parameter : { ...parameter, default: example }
  })
  return { ...endpoint, parameters }
}
