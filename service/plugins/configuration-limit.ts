import type { FastifyInstance } from 'fastify'

import { isJsonArray, member, textMember } from '../base/json.ts'
import { ConnectorError } from '../errors.ts'

/** Configuration values of one request. The connector describes far fewer. */
const VALUES_MAX = 100

/** The members of a body that may have configuration values; the last two are versions of a document. */
const LISTS = ['configurationValues', 'old', 'new']

/** Characters of a name in a message. */
const NAME_MAX_LENGTH = 100

/**
 * Refuses requests whose configuration values are longer than `maxBytes`, or more than 100
 * (docs/protocol.md#configuration-values), before anything reads them.
 *
 * Answers CONFIG_TOO_LARGE and BODY_INVALID.
 */
export function addConfigurationLimit(app: FastifyInstance, maxBytes: number): void {
  app.addHook('preHandler', (request, _, done) => {
    for (const name of LISTS) {
      const values = member(request.body, name)
      const problem = isJsonArray(values) ? problemOf(values, name, maxBytes) : undefined
      if (problem !== undefined) return done(problem)
    }
    done()
  })
}

function problemOf(
  values: readonly unknown[],
  list: string,
  maxBytes: number
): ConnectorError | undefined {
  if (values.length > VALUES_MAX) {
    const expected = `expected at most ${VALUES_MAX} values`
    return new ConnectorError('BODY_INVALID', { pointer: `/${list}`, expected })
  }
  for (const value of values) {
    const name = textMember(value, 'developerName') ?? ''
    const text = textMember(value, 'contentValue') ?? ''
    // Three bytes at the most in UTF-8.
    const isShort = (name.length + text.length) * 3 <= maxBytes
    if (isShort || Buffer.byteLength(name) + Buffer.byteLength(text) <= maxBytes) continue
    const shown = name.slice(0, NAME_MAX_LENGTH)
    return new ConnectorError('CONFIG_TOO_LARGE', { name: shown, limit: maxBytes })
  }
  return undefined
}
