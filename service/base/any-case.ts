/** A regular expression of the words of a list, in any letter case. */
export function anyCase(words: readonly string[]): string {
  return `^(?:${words.map(inAnyCase).join('|')})$`
}

/** A regular expression of one text, in any letter case, for JSON Schema, whose patterns have no flags. */
export function inAnyCase(text: string): string {
  return text.replaceAll(/[a-z]|[^\w\s-]/gi, sign => {
    const [lower, upper] = [sign.toLowerCase(), sign.toUpperCase()]
    return lower === upper ? `\\${sign}` : `[${lower}${upper}]`
  })
}
