import type { ConnectorModel, ModelIndex } from './connector-model.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { ExampleRecord } from './example-record.ts'
import type { EndpointRecord } from './endpoint-record.ts'
import type { MappingRecord } from './mapping-record.ts'
import type { TypeRecord } from './type-record.ts'

/** Records by name, as a map has them; of each name the same record, always. */
export type Records<T> = Pick<ReadonlyMap<string, T>, 'get' | 'keys'>

/** A model at work: its records are looked up one by one, so that most of them need not be there. */
export type OpenModel = {
  readonly index: Omit<ModelIndex, 'diagnostics'>
  readonly types: Records<TypeRecord>
  readonly endpoints: Records<EndpointRecord>
  readonly mappings: Records<MappingRecord>
  readonly examples: Records<ExampleRecord>
  diagnostics(): readonly Diagnostic[]
}

/** Opens a model whose records are all there. */
export function openModel(model: ConnectorModel): OpenModel {
  const { diagnostics, ...index } = model.index
  return {
    index,
    types: new Map(Object.entries(model.types)),
    endpoints: new Map(Object.entries(model.endpoints)),
    mappings: new Map(Object.entries(model.mappings)),
    examples: new Map(Object.entries(model.examples)),
    diagnostics: () => diagnostics
  }
}
