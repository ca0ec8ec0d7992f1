/** Headers for framing, connections and proxies (RFC 9110 7.6.1). */
const REFUSED = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'keep-alive'
])

/** Whether a document must not set a header, because it affects the framing or routing of messages. */
export function isRefusedHeader(name: string): boolean {
  const lower = name.toLowerCase()
  return REFUSED.has(lower) || lower.startsWith('proxy-') || lower.startsWith('x-forwarded-')
}

/** A name of a header (RFC 9110 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Whether a text can be the name of a header. */
export function isHeaderName(text: string): boolean {
  return TOKEN.test(text)
}

/** Whether a header can be sent under a name that a document gives. */
export function isSendableHeader(name: string): boolean {
  return isHeaderName(name) && !isRefusedHeader(name)
}

type Named = { readonly in: string; readonly name: string }

export function isIdempotencyKey(parameter: Named): boolean {
  return isHeader(parameter, 'idempotency-key')
}

/** RFC 9110 12.5.1. */
export function isAccept(parameter: Named): boolean {
  return isHeader(parameter, 'accept')
}

/** RFC 9110 13.1.1. */
export function isIfMatch(parameter: Named): boolean {
  return isHeader(parameter, 'if-match')
}

function isHeader(parameter: Named, lowerCaseName: string): boolean {
  return parameter.in === 'header' && parameter.name.toLowerCase() === lowerCaseName
}
