const WORD = /\p{Lu}{2,}(?=\p{Lu}\p{Ll})|\p{Lu}+s?(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{Lo}+|\d+/gu

/** Longer names are cut before they are read. */
const NAME_MAX = 100

/** Words whose plural is another word, or which look like a plural and are none. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  (
    'people:person children:child men:man women:woman indices:index vertices:vertex matrices:matrix criteria:criterion ' +
    'analyses:analysis aliases:alias alias:alias canvases:canvas canvas:canvas lenses:lens lens:lens biases:bias bias:bias ' +
    'gas:gas atlas:atlas sms:sms dns:dns gps:gps cms:cms aws:aws sas:sas vps:vps menus:menu apis:api uris:uri kpis:kpi ' +
    'emojis:emoji wikis:wiki movies:movie cookies:cookie calories:calorie caches:cache houses:house warehouses:warehouse ' +
    'causes:cause clauses:clause pauses:pause uses:use heroes:hero echoes:echo quizzes:quiz species:species'
  )
    .split(' ')
    .map(pair => {
      const [plural = '', one = ''] = pair.split(':')
      return [plural, one] as const
    })
)

/** Endings of words in the plural, and what they are in the singular; the first that matches applies. */
const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/(ss|us|is|news|series)$/, '$1'],
  [/(.{2})ies$/, '$1y'],
  [/(x|ch|sh|ss|us)es$/, '$1'],
  [/(.{2})s$/, '$1']
]

/**
 * The words of a name in lower case, whatever joins them: `first`, `name` of `firstName`, `first_name`, `first-name`
 * and `FirstName`; `url` of `URL`.
 */
export function nameWords(name: string): string[] {
  return (name.slice(0, NAME_MAX).match(WORD) ?? []).map(word => word.toLowerCase())
}

/** A word in the singular. */
export function singular(word: string): string {
  const other = IRREGULAR.get(word)
  if (other !== undefined) return other
  const plural = PLURALS.find(([ending]) => ending.test(word))
  return plural === undefined ? word : word.replace(plural[0], plural[1])
}

/** Words with the last one in the singular. */
export function singularWords(words: readonly string[]): string[] {
  return words.map((word, index) => (index === words.length - 1 ? singular(word) : word))
}

/** Words as a label: `Delivery window`. */
export function labelOf(words: readonly string[]): string {
  const label = words.join(' ')
  return label.charAt(0).toUpperCase() + label.slice(1)
}

/** Text in lower case with hyphens: `northwind-traders`. */
export function slugOf(text: string): string {
  return nameWords(text).join('-')
}
