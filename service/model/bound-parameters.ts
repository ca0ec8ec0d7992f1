import type { JsonValue } from '../base/json.ts'
import type { EndpointRecord, ParameterRecord } from './endpoint-record.ts'
import { plainParameter } from './endpoint-record.ts'
import type { BindingRecord } from './mapping-record.ts'

/** A parameter of a call: its serialization, and its sources. */
export type BoundParameter = Omit<ParameterRecord, 'in'> &
  Pick<BindingRecord, 'in' | 'place' | 'sources' | 'encodeTwice' | 'fromHeaders'> & {
    /** Sent when no source yields a value. */
    readonly fallback?: JsonValue
  }

type Parameters = EndpointRecord['parameters']
type Bindings = readonly BindingRecord[]

const known = new WeakMap<Parameters, WeakMap<Bindings, readonly BoundParameter[]>>()

/**
 * The parameters of an endpoint with their sources; then those that only the bindings name, headers of
 * the mapping last. The same arguments always yield the same array.
 */
export function boundParameters(
  { parameters }: Pick<EndpointRecord, 'parameters'>,
  bindings: Bindings
): readonly BoundParameter[] {
  const cached = known.get(parameters)?.get(bindings)
  if (cached !== undefined) return cached
  const ofEndpoint = known.get(parameters) ?? new WeakMap<Bindings, readonly BoundParameter[]>()
  known.set(parameters, ofEndpoint)
  const bound = bind(parameters, bindings)
  ofEndpoint.set(bindings, bound)
  return bound
}

function bind(parameters: Parameters, bindings: Bindings): BoundParameter[] {
  const headers = bindings.filter(({ fromHeaders }) => fromHeaders)
  const replaced = new Set(headers.map(({ name }) => name.toLowerCase()))
  const remaining = new Map(
    bindings
      .filter(({ fromHeaders }) => !fromHeaders)
      .map(binding => [`${binding.in} ${binding.name}`, binding])
  )
  const declared = parameters.map(parameter => {
    const key = `${parameter.in} ${parameter.name}`
    const binding = remaining.get(key)
    remaining.delete(key)
    return boundParameter(parameter, binding)
  })
  const undeclared = [...remaining.values()].map(binding =>
    binding.in === 'body'
      ? bodyParameter(binding)
      : boundParameter(plainParameter(binding.name, binding.in), binding)
  )
  return [
    ...[...declared, ...undeclared].filter(
      ({ in: location, name }) => location !== 'header' || !replaced.has(name.toLowerCase())
    ),
    ...headers.map(binding => boundParameter(plainParameter(binding.name, 'header'), binding))
  ]
}

/** A member of the body, as a parameter whose value is put at its place. */
function bodyParameter({ in: location, place, ...binding }: BindingRecord): BoundParameter {
  const { kind = 'text', allowed = null } = place ?? {}
  const parameter = boundParameter(
    { ...plainParameter(binding.name, 'query'), kind, allowed },
    binding
  )
  return { ...parameter, in: location, ...(place !== undefined && { place }) }
}

function boundParameter(
  parameter: ParameterRecord,
  { sources, encodeTwice, fromHeaders, fallback = parameter.default }: Partial<BindingRecord> = {}
): BoundParameter {
  return {
    ...parameter,
    sources: sources ?? [],
    encodeTwice: encodeTwice ?? false,
    fromHeaders: fromHeaders ?? false,
    ...(fallback !== undefined && { fallback })
  }
}
