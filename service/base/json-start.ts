import { isJsonArray, isJsonObject } from './json.ts'
import { quoted } from './json-text.ts'

/** The end of a list or an object, or a member or item that is still to be written. */
type Rest = () => void

/**
 * The JSON text of a value, of which only as much is written as fits.
 *
 * @param value As JSON has it.
 * @param maxLength In UTF-16 units. A longer text ends there, and is no JSON.
 */
export function jsonStart(value: unknown, maxLength: number): string {
  let text = ''
  /** The last one first. */
  const open: Rest[] = []

  function write(given: unknown): void {
    if (isJsonArray(given)) writeItem(given, 0)
    else if (isJsonObject(given)) writeMember(Object.entries(given), 0)
    else if (typeof given === 'string') text += quoted(given.slice(0, maxLength))
    else text += JSON.stringify(given ?? null)
  }

  function writeItem(items: readonly unknown[], at: number): void {
    if (at === items.length) {
      text += at === 0 ? '[]' : ']'
      return
    }
    text += at === 0 ? '[' : ','
    open.push(() => writeItem(items, at + 1))
    write(items[at])
  }

  function writeMember(members: readonly (readonly [string, unknown])[], at: number): void {
    const [name, held] = members[at] ?? []
    if (name === undefined) {
      text += at === 0 ? '{}' : '}'
      return
    }
    text += `${at === 0 ? '{' : ','}${quoted(name)}:`
    open.push(() => writeMember(members, at + 1))
    write(held)
  }

  write(value)
  while (text.length <= maxLength) {
    const next = open.pop()
    if (next === undefined) break
    next()
  }
  return text.slice(0, maxLength)
}
