import type { ConnectorModel, ModelIndex } from './connector-model.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { ExampleRecord } from './example-record.ts'
import type { EndpointRecord } from './endpoint-record.ts'
import type { MappingRecord } from './mapping-record.ts'
import type { TypeRecord } from './type-record.ts'

/** Records by name; a name always yields the same object. */
export type Records<T> = Pick<ReadonlyMap<string, T>, 'get' | 'keys'>

/** A model in use, whose records are read one by one, on demand. */
export type OpenModel = {
  readonly index: Omit<ModelIndex, 'diagnostics'>
  readonly types: Records<TypeRecord>
  readonly endpoints: Records<EndpointRecord>
  readonly mappings: Records<MappingRecord>
  readonly examples: Records<ExampleRecord>
  diagnostics(): readonly Diagnostic[]
}

/** Opens a model in memory. */
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
