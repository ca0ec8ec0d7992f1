/** Removes all trailing occurrences of a character. A pattern such as `/0+$/` takes quadratic time. */
export function trimTrailing(text: string, character: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === character) end--
  return text.slice(0, end)
}
