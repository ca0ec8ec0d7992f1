/** A text of at most so many characters; a longer one ends in `…`. Null for anything but text that says something. */
export function shortText(text: unknown, max: number): string | null {
  if (typeof text !== 'string' || text.trim() === '') return null
  return text.length > max ? `${text.slice(0, max - 1).toWellFormed()}…` : text
}
