import { pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { member } from '../../base/json.ts'
import { fits } from '../../base/violations.ts'
import type { ApiOutput } from '../../model/pipeline-output.ts'
import { OutputForm } from '../../vocabulary/manifest-forms.ts'
import type { Report } from '../report.ts'
import { createReport } from '../report.ts'
import { compileOutput } from './compile-part.ts'
import { compilePartType } from './compile-part-type.ts'
import type { ManifestPart } from './manifest-scope.ts'
import { formatOf, inputFault, inputOf, pathFault, refuse } from './pipeline-scope.ts'
import { readForm } from './read-form.ts'

/** Whether an output is an endpoint. Only that has a URL. */
export function isEndpoint(value: JsonValue): boolean {
  const format = formatOf(value)
  return format === 'rest_api' || (format === '' && (member(value, 'url') ?? null) !== null)
}

/** The output of an endpoint; null for one of which `compileManifest` says what is wrong. */
export function compileApiOutput(
  report: Report,
  part: ManifestPart,
  given: JsonValue,
  inputs: readonly string[]
): ApiOutput | null {
  const value = readForm(OutputForm, given)
  if (!fits(OutputForm, value)) return null
  const compiled = compileOutput({ report: createReport() }, part, value)
  if (compiled === null) return null
  const input = inputOf(value.input, part.name, inputs)
  if (input === null) {
    return refuse(report, pointer(part.at, 'input'), part.path, inputFault(value.input, inputs))
  }
  const { endpoint, mapping } = compiled
  const { rejects = `${part.name}.rejects.ndjson`, concurrency = CONCURRENCY } = value
  const fault = pathFault('rejects', rejects, false)
  if (fault !== null) return refuse(report, pointer(part.at, 'rejects'), part.path, fault)
  const type = compilePartType(part.name, [compiled], [mapping])
  return { name: part.name, input, endpoint, mapping, type, rejects, concurrency }
}

/** Requests at once of an output that does not say it. */
const CONCURRENCY = 4

/** The names of the fields that an endpoint takes; null for all. */
export function writtenFields({ type }: ApiOutput): readonly { readonly name: string }[] | null {
  return type?.properties.map(({ key, name }) => ({ name: key ?? name })) ?? null
}
