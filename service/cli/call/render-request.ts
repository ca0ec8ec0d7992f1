import type { ShownRequest } from '../../exchange/shown-request.ts'
import { shownText } from '../shown-text.ts'

/** Writes a request as HTTP does: the method and the URL, the headers, and the body after a blank line. */
export function renderRequest({ method, url, headers, body }: ShownRequest): string {
  const head = [
    `${method} ${url}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  ]
  const lines = body === null ? head : [...head, '', ...body.split('\n')]
  return lines.map(shownText).join('\n')
}
