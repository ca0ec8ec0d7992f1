import { isIfMatch } from '../base/header-names.ts'
import type { JsonObject } from '../base/json.ts'
import { jsonEqual, member } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'
import type { CallInput } from '../exchange/answers.ts'
import type { BoundParameter } from '../model/bound-parameters.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import { bodyForm } from '../objects/body-form.ts'
import { encodeObject } from '../objects/encode-object.ts'
import type { FlowObject } from '../objects/types.ts'
import { bodyValues } from '../plan/parameter-values.ts'
import type { MappedEndpoint, Session } from './session.ts'
import { isApiError } from './session.ts'

/** The If-Match header parameter of an endpoint. */
export function ifMatchOf({ endpoint, mapping }: MappedEndpoint): BoundParameter | undefined {
  return boundParameters(endpoint, mapping.bindings).find(isIfMatch)
}

/** The members of an update that differ from the object as it was loaded. */
export function changedMembers(
  { model }: Session,
  { mapping, endpoint }: MappedEndpoint,
  sent: JsonObject,
  loaded: FlowObject
): JsonObject {
  const body = bodyForm(endpoint.body, mapping.body)
  const options = { mode: 'update', body, blank: mapping.blank } as const
  let before: JsonObject = {}
  try {
    before = encodeObject(model.types, mapping.type, loaded, options)
  } catch (error) {
    // An answer may hold values that an update must not; then every member counts as changed.
    if (!(error instanceof ConnectorError)) throw error
  }
  const changed = Object.entries(sent).filter(([key, value]) => {
    return !jsonEqual(value, member(before, key))
  })
  return Object.fromEntries(changed)
}

/** Whether the members of the body that have sources of their own are those of the object as it was loaded. */
export function hasSameValues(
  { model, access, user }: Session,
  { mapping, endpoint }: MappedEndpoint,
  input: CallInput,
  loaded: FlowObject
): boolean {
  const [now, before] = [input.object, loaded].map(object => {
    const scope = { endpoint, use: mapping, types: model.types, access }
    const values = bodyValues({ ...scope, input: { ...input, object, user } })
    return values.map(({ parameter: { name }, value }) => [name, value])
  })
  return jsonEqual(now, before)
}

/** The problem of a 412 to an update or delete with If-Match; undefined for any other error. */
export function changedProblem(
  mapped: MappedEndpoint,
  id: string,
  error: unknown
): ConnectorError | undefined {
  if (!isApiError(error, 412) || error.upstream === null) return undefined
  const { verb, type } = mapped.mapping
  const isOfVersion = verb === 'update' || verb === 'delete'
  if (!isOfVersion || ifMatchOf(mapped) === undefined) return undefined
  return new ConnectorError('OBJECT_CHANGED', { id, type }, { upstream: error.upstream })
}
