import type { ConnectorError } from '../errors.ts'

/** The steps of a connection test (docs/catalog.md#testing-the-connection): the document can be read, and is one of OpenAPI. */
export type ConnectionStep = {
  readonly name: 'CheckURL' | 'CheckSchema'
  readonly state: 'passed' | 'failed' | 'not run'
  /** Why it failed; null if it did not. */
  readonly reason: string | null
}

/** Problems of a document that was read. */
const OF_SCHEMA = /^(DOCUMENT_(NOT_|TOO_COMPLEX|VERSION_)|REF_|PARTS_|COMPILER_)/

/** The step that a problem of the document fails. */
export function failedStep({ code }: Pick<ConnectorError, 'code'>): ConnectionStep['name'] {
  return OF_SCHEMA.test(code) ? 'CheckSchema' : 'CheckURL'
}

/**
 * Judges the steps. Both are mandatory, and the first that fails is the last.
 *
 * @param failure Why the document could not be read; null if it could.
 */
export function judgeSteps(failure: ConnectorError | null): readonly ConnectionStep[] {
  const failed = failure && failedStep(failure)
  const reason = failure && `${failure.message} [${failure.code}]`
  if (failed === 'CheckURL') {
    return [
      { name: 'CheckURL', state: 'failed', reason },
      { name: 'CheckSchema', state: 'not run', reason: null }
    ]
  }
  return [
    { name: 'CheckURL', state: 'passed', reason: null },
    { name: 'CheckSchema', state: failed === null ? 'passed' : 'failed', reason }
  ]
}
