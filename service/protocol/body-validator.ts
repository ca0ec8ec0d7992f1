import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

import { pointer } from '../base/json-pointer.ts'
import { ConnectorError } from '../errors.ts'
import type { MisfitFinder } from './find-misfit.ts'
import { createMisfitFinder } from './find-misfit.ts'

/**
 * Compiles the schema of a request's body.
 *
 * @returns A function that gives null for a body that fits, else BODY_INVALID with the pointer of
 * the first place that does not and what may stand there. It never quotes a value.
 */
export function bodyValidator(schema: TSchema): (body: unknown) => ConnectorError | null {
  const validator = Compile(schema)
  let find: MisfitFinder | undefined
  return body => {
    if (validator.Check(body)) return null
    find ??= createMisfitFinder(schema)
    const { path, expected } = find(body) ?? { path: [], expected: ['what the protocol says'] }
    return new ConnectorError('BODY_INVALID', {
      pointer: path.length === 0 ? 'its root' : pointer('', ...path),
      expected: `expected ${expected.join(' or ')}`
    })
  }
}
