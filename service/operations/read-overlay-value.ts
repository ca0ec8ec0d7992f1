import { createHash } from 'node:crypto'

import type { OverlayRequest } from '../documents/source-document.ts'
import { ConnectorError } from '../errors.ts'

/** Most overlays of one document. */
export const OVERLAYS_MAX = 20

const ADDRESS = /^(?:https?|sample|kept):/i

/** The beginning of a JSON object, or of a member in YAML. */
const MEMBER = /^(?:\{|["']?[\w$-]+["']?\s*:(?:\s|$))/

/**
 * The overlays of the configuration value `Overlay URL`: addresses, one on each line, or the text of one overlay
 * (docs/x-flow.md#overlays). Blank lines, comments and `---` may come first.
 *
 * @throws ConnectorError `CONFIG_INVALID`
 */
export function readOverlayValue(value: string): readonly OverlayRequest[] {
  const first = firstLine(value)
  if (first === undefined) return []
  if (MEMBER.test(first) && !ADDRESS.test(first)) {
    return [{ text: value, hash: createHash('sha256').update(value).digest('hex') }]
  }
  const lines = value.split('\n', OVERLAYS_MAX * 10).map(line => line.trim())
  const urls = lines.filter(isSaying)
  if (urls.length > OVERLAYS_MAX || lines.length === OVERLAYS_MAX * 10) {
    throw invalid(`it names more than ${OVERLAYS_MAX} overlays`)
  }
  const other = urls.findIndex(url => !ADDRESS.test(url))
  if (other === 0) throw invalid('it is neither an address nor an overlay')
  if (other > 0) throw invalid(`address ${other + 1} is not an http or https URL`)
  return urls.map(url => ({ url }))
}

/** The first line that is neither blank, a comment nor a mark. */
function firstLine(value: string): string | undefined {
  for (let at = 0; at < value.length; ) {
    const end = value.indexOf('\n', at)
    const line = value.slice(at, end === -1 ? value.length : end).trim()
    if (isSaying(line)) return line
    at = end === -1 ? value.length : end + 1
  }
  return undefined
}

function isSaying(line: string): boolean {
  return line !== '' && !line.startsWith('#') && line !== '---'
}

function invalid(reason: string): ConnectorError {
  const allowed = 'the http or https URLs of overlays, one on each line, or the text of one overlay'
  return new ConnectorError('CONFIG_INVALID', { name: 'Overlay URL', reason, allowed })
}
