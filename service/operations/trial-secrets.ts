import type { TypeRecord } from '../model/type-record.ts'
import type { Types } from '../objects/type-lookup.ts'
import { findProperty, findValue, typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import type { FilterGroup } from '../plan/types.ts'
import { CONFIGURATION_VALUES } from './configuration.ts'
import type { Session } from './session.ts'
import type { TryRequest } from './types.ts'

/** The configuration values that are secrets as a whole. Of `Variables` each value is one. */
const SECRET_NAMES = CONFIGURATION_VALUES.filter(
  ({ name, content }) => content === 'ContentPassword' && name !== 'Variables'
).map(({ name }) => name.toLowerCase())

/** The secrets of a trial: those of its configuration, and the values of properties of `ContentPassword`. */
export function trialSecrets(
  { access, caller, model }: Session,
  request: TryRequest
): readonly string[] {
  const { configuration } = caller
  const configured = SECRET_NAMES.map(name => configuration[name] ?? '')
  const type = model.types.get('load' in request ? request.load.type : request.write.type)
  const given = type === undefined ? [] : givenSecrets(model.types, type, request)
  const secrets = [...configured, ...Object.values(access.variables), ...given]
  return secrets.filter(secret => secret.trim() !== '')
}

function givenSecrets(types: Types, type: TypeRecord, request: TryRequest): readonly string[] {
  return 'load' in request
    ? secretComparands(type, request.load.filter.where)
    : request.write.objects.flatMap(object => secretValues(types, type, object))
}

function secretComparands(type: TypeRecord, { conditions, groups }: FilterGroup): string[] {
  return [
    ...conditions
      .filter(({ column }) => findProperty(type, column)?.content === 'ContentPassword')
      .map(({ value }) => value ?? ''),
    ...groups.flatMap(group => secretComparands(type, group))
  ]
}

function secretValues(types: Types, type: TypeRecord, object: FlowObject): string[] {
  return type.properties.flatMap(property => {
    const { contentValue, objectData } = findValue(object, property) ?? {}
    const { content, value } = property
    if (content === 'ContentPassword') return contentValue ?? []
    if (value.form === 'scalar' || objectData == null) return []
    const inner = typeNamed(types, value.type)
    return objectData.flatMap(each => secretValues(types, inner, each))
  })
}
