/** Whether a media type holds JSON: `application/json`, `text/json` or any `+json`; parameters do not count. */
export function isJsonMediaType(mediaType: string): boolean {
  const essence = mediaEssence(mediaType)
  return essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')
}

/** A media type without its parameters, in lower case: `text/html; charset=x` is `text/html`. */
export function mediaEssence(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** Whether a media range of an OpenAPI `content` map takes JSON: a JSON type, a wildcard over it, or `*` alone. */
export function takesJson(mediaRange: string): boolean {
  return isJsonMediaType(mediaRange) || ['*/*', 'application/*'].includes(mediaEssence(mediaRange))
}
