/** @import { PreviewResponse } from '../../protocol/schemas.ts' */

/** @import { TextsAnswer } from '../../protocol/type-schemas.ts' */

/** @typedef {PreviewResponse['diagnostics'][number]} Finding */

/**
 * What keeps a text from being used, as a finding in it.
 *
 * @param {NonNullable<TextsAnswer['problem']>} problem
 * @returns {Finding}
 */
export function findingOf(problem) {
  return { severity: 'error', pointer: '', ...problem }
}

const SEVERITIES = /** @type {const} */ (['error', 'warning', 'info'])

/**
 * How many findings there are of each severity that has any.
 *
 * @param {readonly Finding[]} findings
 */
export function countsOf(findings) {
  return SEVERITIES.map(severity => ({
    severity,
    count: findings.filter(finding => finding.severity === severity).length
  })).filter(({ count }) => count > 0)
}

/**
 * The findings of a text as the editor marks them.
 *
 * @param {readonly Finding[]} findings
 * @param {string} file
 */
export function marksOf(findings, file) {
  return findings
    .filter(finding => finding.file === file && finding.line !== null)
    .map(({ severity, message, code, remedy, line, column }) => ({
      severity,
      message: `${message} [${code}]\n${remedy}`,
      line: line ?? 1,
      column: column ?? 1
    }))
}
