/**
 * Text without a character at its end, however often it stands there. A pattern such as `/0+$/` would
 * look at a long run of it, anywhere in the text, once from each of its places.
 */
export function trimTrailing(text: string, character: string): string {
  let end = text.length
  while (end > 0 && text[end - 1] === character) end--
  return text.slice(0, end)
}
