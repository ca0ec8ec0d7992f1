/** A name in lower case without `_`, `-` and blanks: `firstName` and `first_name` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, '')
}
