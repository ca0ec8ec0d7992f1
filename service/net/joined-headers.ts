/** Headers of an answer, each with one value: several of one name are joined by ", ". */
export function joinedHeaders(headers: {
  readonly [name: string]: string | string[] | undefined
}): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return joined
}
