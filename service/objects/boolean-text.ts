/** The words of APIs for true and false. */
const PAIRS = [
  ['true', 'false'],
  ['yes', 'no'],
  ['y', 'n'],
  ['on', 'off'],
  ['1', '0']
] as const

const MEANING = new Map<string, boolean>(
  PAIRS.flatMap(([yes, no]) => [[yes, true] as const, [no, false] as const])
)

/** Reads a word for true or false, in any letter case (docs/x-flow.md#values-in-other-forms). */
export function readBoolean(word: string): boolean | undefined {
  return MEANING.get(word.toLowerCase())
}

/** The word of the same pair, in the same letter case; undefined where the other one is no such word. */
export function writeBooleanLike(value: boolean, other: string): string | undefined {
  const folded = other.toLowerCase()
  const pair = PAIRS.find(([yes, no]) => yes === folded || no === folded)
  if (pair === undefined) return undefined
  const word = pair[value ? 0 : 1]
  if (other === folded) return word
  return other === other.toUpperCase() ? word.toUpperCase() : capitalized(word)
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
