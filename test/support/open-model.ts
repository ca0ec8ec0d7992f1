import type { ConnectorModel, OpenModel } from '../../service/model/connector-model.ts'

/** Opens a model whose records are all in memory. */
export function openModel(model: ConnectorModel): OpenModel {
  const { diagnostics, ...index } = model.index
  return {
    index,
    types: new Map(Object.entries(model.types)),
    endpoints: new Map(Object.entries(model.endpoints)),
    mappings: new Map(Object.entries(model.mappings)),
    examples: new Map(Object.entries(model.examples)),
    tables: new Map(Object.entries(model.tables)),
    diagnostics: () => diagnostics
  }
}
