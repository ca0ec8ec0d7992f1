/**
 * The first texts of a list in words: `a, b and 3 more`.
 *
 * @param write Writes one of them. Default: as it is.
 */
export function listFirst(
  texts: readonly string[],
  max: number,
  write: (text: string) => string = text => text
): string {
  const more = texts.length - max
  return texts.slice(0, max).map(write).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
