/** Headers that frame a message or belong to a connection or a proxy (RFC 9110 section 7.6.1). */
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

/** Whether a header is never taken from a document: it would change how a message is framed or routed. */
export function isRefusedHeader(name: string): boolean {
  const lower = name.toLowerCase()
  return REFUSED.has(lower) || lower.startsWith('proxy-') || lower.startsWith('x-forwarded-')
}

type Named = { readonly in: string; readonly name: string }

/** Whether a parameter is the header whose value tells an API that two calls are the same one. */
export function isIdempotencyKey(parameter: Named): boolean {
  return isHeader(parameter, 'idempotency-key')
}

/** Whether a parameter is the header that names the version to be changed (RFC 9110 13.1.1). */
export function isIfMatch(parameter: Named): boolean {
  return isHeader(parameter, 'if-match')
}

function isHeader(parameter: Named, lowerCaseName: string): boolean {
  return parameter.in === 'header' && parameter.name.toLowerCase() === lowerCaseName
}
