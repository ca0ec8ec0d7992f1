import { indentJson } from './indent-json.js'

/** @import { TryAnswer } from '../../../protocol/try-schemas.ts' */

/**
 * A request as a command of a shell. Secrets are masked in it already.
 *
 * @param {TryAnswer['request']} request
 * @param {string} [base] In front of its URL.
 */
export function curlCommand({ method, url, headers, body }, base = '') {
  const parts = [
    `curl -X ${method} ${quote(base + url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quote(indentJson(body))}`])
  ]
  return parts.join(' \\\n  ')
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`
}
