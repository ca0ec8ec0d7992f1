import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

import { ConnectorError } from '../errors.ts'

const KINDS: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list'
}

type Fault = ReturnType<ReturnType<typeof Compile>['Errors']>[number]

/**
 * Compiles the schema of a request's body.
 *
 * @returns A function that gives null for a body that fits, else BODY_INVALID with the pointer of
 * the deepest place that does not and what may stand there. It never quotes a value.
 */
export function bodyValidator(schema: TSchema): (body: unknown) => ConnectorError | null {
  const validator = Compile(schema)
  return body => (validator.Check(body) ? null : bodyInvalid(validator.Errors(body)))
}

function bodyInvalid(faults: readonly Fault[]): ConnectorError {
  const deepest = Math.max(...faults.map(({ instancePath }) => instancePath.split('/').length))
  const there = faults.filter(({ instancePath }) => instancePath.split('/').length === deepest)
  const pointer = there[0]?.instancePath ?? ''
  const expected = there.filter(fault => fault.instancePath === pointer).flatMap(allowedBy)
  return new ConnectorError('BODY_INVALID', {
    pointer: pointer === '' ? 'its root' : pointer,
    expected: `expected ${[...new Set(expected)].join(' or ')}`
  })
}

function allowedBy(fault: Fault): readonly string[] {
  switch (fault.keyword) {
    case 'anyOf':
      return []
    case 'type':
      return [fault.params.type].flat().map(type => KINDS[type] ?? type)
    case 'minimum':
      return [`a whole number from ${fault.params.limit} on`]
    case 'maximum':
      return [`a whole number up to ${fault.params.limit}`]
    default:
      return [fault.message]
  }
}
