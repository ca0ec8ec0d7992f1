/** Keys of a `content` map in a message, where a blank one would not be seen. */
export function shownMedia(names: readonly string[]): string {
  return names.map(name => (name.trim() === '' ? JSON.stringify(name) : name)).join(', ')
}
