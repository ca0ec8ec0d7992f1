import { pointer, pointerTo } from '../../base/json-pointer.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { isJsonObject, member, ownMember } from '../../base/json.ts'
import { fits } from '../../base/violations.ts'
import type { ConnectorModel } from '../../model/connector-model.ts'
import type { PagingRecord } from '../../model/endpoint-record.ts'
import type { PartitionRecord } from '../../model/partition-record.ts'
import { templateVariables } from '../../model/template-variables.ts'
import { mappingKeys } from '../../model/type-record.ts'
import { PartitionForm } from '../../vocabulary/manifest-forms.ts'
import type { Report } from '../report.ts'
import { compilePartition } from './compile-partition.ts'
import { formFault } from './form-fault.ts'
import { lintPart } from './lint-part.ts'
import type { ManifestPart } from './manifest-scope.ts'
import { formatOf, refuse } from './pipeline-scope.ts'
import { readForm } from './read-form.ts'

/** An input of a pipeline, and how it is cut into parts; null where it is read whole. */
export type PipelineInput = {
  readonly name: string
  readonly paging: PagingRecord | null
  readonly partition: PartitionRecord | null
}

/** The part of a model that a pipeline is compiled with. */
export type PipelineModel = Pick<ConnectorModel, 'types' | 'mappings' | 'endpoints'>

/** The inputs that can be read. */
export function compileInputs(
  report: Report,
  parts: readonly (readonly [ManifestPart, JsonValue])[],
  model: PipelineModel,
  partition: JsonObject
): readonly PipelineInput[] {
  if (parts.length === 0) refuse(report, '/CONFIG', 'inputs', 'it has no input')
  return parts.flatMap(([part, value]) => {
    const format = formatOf(value)
    if ((member(value, 'incremental') ?? null) !== null) {
      const reason = 'a run reads whole lists; `openapi-flow read` reads with `incremental`'
      refuse(report, pointer(part.at, 'incremental'), part.path, reason)
      return []
    }
    if (format === '' || format === 'rest_api') {
      return { name: part.name, ...cutInput(report, part, value, model, partition) }
    }
    const reason = `its format "${format}" is not read here; \`rest_api\` can be used`
    refuse(report, pointer(part.at, 'format'), part.path, reason)
    return []
  })
}

/** How an input is paged and cut. What is wrong is reported. */
function cutInput(
  report: Report,
  part: ManifestPart,
  input: JsonValue,
  { types, mappings, endpoints }: PipelineModel,
  given: JsonObject
): Omit<PipelineInput, 'name'> {
  const type = ownMember(types, part.name)
  const [key = ''] = type === undefined ? [] : mappingKeys(type, 'query')
  const mapping = ownMember(mappings, key)
  const paging = mapping?.paging ?? null
  const declared = member(input, 'partition') ?? null
  const isGiven = Object.keys(given).length > 0
  if (mapping === undefined || (declared === null && !isGiven)) return { paging, partition: null }
  const merged = isJsonObject(declared) ? { ...declared, ...given } : isGiven ? given : declared
  lintPart(report, PartitionForm, merged, { at: part.at, path: `${part.path}.partition` })
  const value = readForm(PartitionForm, merged)
  const refuseAt = (path: readonly string[], reason: string): Omit<PipelineInput, 'name'> => {
    refuse(report, pointerTo(part.at, ['partition', ...path]), `${part.path}.partition`, reason)
    return { paging, partition: null }
  }
  if (!fits(PartitionForm, value)) {
    const { path, reason } = formFault(PartitionForm, value)
    return refuseAt(path, reason)
  }
  const endpoint = ownMember(endpoints, mapping.endpoint)
  const variables = templateVariables({
    endpoints: endpoint === undefined ? {} : { [endpoint.key]: endpoint },
    mappings: { [key]: mapping }
  })
  const partition = compilePartition(value, { type, paging, variables })
  return typeof partition === 'string' ? refuseAt([], partition) : { paging, partition }
}
