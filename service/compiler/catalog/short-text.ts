/** Bounds the descriptions of a catalog. */
export type Texts = {
  /** Whether so many more characters of a description are affordable; of others none is left. */
  afford(characters: number): boolean
  /** `shortText`, while that is affordable. */
  describe(text: unknown, max: number): string | null
  /** How many descriptions were left out. */
  left(): number
}

/** Most characters of all descriptions. */
const CHARACTERS_MAX = 10_000_000

export function createTexts(): Texts {
  let [used, left] = [0, 0]
  const afford = (characters: number): boolean => {
    if (characters === 0) return true
    used += characters
    if (used <= CHARACTERS_MAX) return true
    left++
    return false
  }
  return {
    afford,
    describe(text, max) {
      const short = shortText(text, max)
      return short !== null && afford(short.length) ? short : null
    },
    left: () => left
  }
}

/** A text of at most so many characters; a longer one ends in `…`. Null for anything but text that says something. */
export function shortText(text: unknown, max: number): string | null {
  if (typeof text !== 'string' || text.trim() === '') return null
  return text.length > max ? `${text.slice(0, max - 1).toWellFormed()}…` : text
}
