/**
 * A failure in words for people: a problem of the service (docs/protocol.md#problems), or what kept it from answering.
 *
 * @typedef {{
 *   message: string,
 *   remedy: string,
 *   code: string | null,
 *   requestId: string | null
 * }} ShownProblem
 */

/** Thrown by the service client. */
export class ServiceProblem extends Error {
  /** @param {ShownProblem} shown */
  constructor(shown) {
    super(shown.message)
    this.shown = shown
  }
}

/**
 * @param {unknown} error
 * @returns {ShownProblem}
 */
export function problemOf(error) {
  if (error instanceof ServiceProblem) return error.shown
  return {
    message: error instanceof Error ? error.message : String(error),
    remedy: 'Reload the page. If it happens again, report it with the steps that led here.',
    code: null,
    requestId: null
  }
}
