/**
 * The code by which Node and many packages tell errors apart, such as `ENOENT`; undefined for errors without one
 * (https://nodejs.org/api/errors.html#errorcode).
 */
export function errorCode(error: unknown): string | undefined {
  const hasCode = error instanceof Error && 'code' in error && typeof error.code === 'string'
  return hasCode ? String(error.code) : undefined
}
