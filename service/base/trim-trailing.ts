/** Removes all trailing occurrences of some characters. A pattern such as `/0+$/` takes quadratic time. */
export function trimTrailing(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--
  return text.slice(0, end)
}
