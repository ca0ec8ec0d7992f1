/** Whether a media type is `application/json`, `text/json` or `+json`, with any parameters. */
export function isJsonMediaType(mediaType: string): boolean {
  const essence = mediaEssence(mediaType)
  return essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')
}

const JSON_SEQUENCES = new Set([
  'application/json-seq',
  'application/jsonl',
  'application/ndjson',
  'application/x-jsonlines',
  'application/x-ndjson'
])

/** Whether a media type is a sequence of JSON values, one a line (OpenAPI 3.2, 4.14.3). */
export function isJsonSequence(mediaType: string): boolean {
  const essence = mediaEssence(mediaType)
  return JSON_SEQUENCES.has(essence) || essence.endsWith('+json-seq')
}

/** A media type without parameters, in lower case: `text/html` for `text/html; charset=x`. */
export function mediaEssence(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** Whether a key of an OpenAPI `content` map allows JSON, also by a wildcard. */
export function takesJson(mediaRange: string): boolean {
  return isJsonMediaType(mediaRange) || ['*/*', 'application/*'].includes(mediaEssence(mediaRange))
}
