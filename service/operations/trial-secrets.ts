import type { TypeRecord } from '../model/type-record.ts'
import type { Types } from '../objects/type-lookup.ts'
import { findProperty, findValue, typeNamed } from '../objects/type-lookup.ts'
import type { FlowObject } from '../objects/types.ts'
import type { FilterGroup } from '../plan/types.ts'
import { SECRET_NAMES } from './configuration.ts'
import type { Session } from './session.ts'
import type { TryRequest } from './types.ts'

/** Of this configuration value each part is a secret, of others the whole. */
const IN_PARTS = 'variables'

/** The secrets of a trial: those of its configuration, and the values of properties of `ContentPassword`. */
export function trialSecrets(
  { access, caller, model }: Session,
  request: TryRequest
): readonly string[] {
  const { configuration } = caller
  const configured = [...SECRET_NAMES].map(name =>
    name === IN_PARTS ? '' : (configuration[name] ?? '')
  )
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
