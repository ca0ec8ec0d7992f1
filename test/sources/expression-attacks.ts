/** A text that is long by repetition: `before`, then `repeated` again and again, then `after`. */
export type Attack = {
  readonly before: string
  readonly repeated: string
  readonly after: string
}

/** A part of a regular expression, as far as texts that fit it are concerned. */
type Part =
  | { readonly kind: 'character'; readonly characters: readonly string[] }
  | { readonly kind: 'choice'; readonly choices: readonly (readonly Part[])[] }
  | { readonly kind: 'look'; readonly inner: Part }
  | { readonly kind: 'same'; readonly group: number }
  | { readonly kind: 'repeat'; readonly inner: Part; readonly min: number; readonly max: number }

/** What sets of characters are tried with: letters, digits, marks, spaces, controls, and others. */
const SAMPLES = [
  ...'a0A_x9-. :/',
  ...'\t\n\r"\'<>{}[]()#%&*+,;=?@\\^`|~$!',
  ...'\u0000\u0085\u2028éß你😀'
]

/** How many characters of a set are tried. */
const CHARACTERS_MAX = 4

/** A count from which a repetition is long. */
const LONG_MIN = 40

/** How many characters of the alphabet are also tried in pairs. */
const PAIRED_MAX = 4

/** What ends the repeated text: nothing, and a text that hardly any expression takes. */
const ENDS = ['', '\u0000\n\u0000']

/**
 * The texts that make a regular expression work hard: characters of its alphabet, alone and in pairs, and what
 * each of its repetitions takes, from the beginning and after a text that leads to the repetition; and that
 * text itself.
 */
export function attacksOn({ source, flags }: RegExp): Attack[] {
  const parts = parse(source, flags.replace(/[gy]/g, ''))
  const alphabet = [...new Set(parts.flatMap(charactersOf))]
  const paired = alphabet.slice(0, PAIRED_MAX)
  const pairs = paired.flatMap(one => paired.map(other => one + other))
  const repetitions: { before: string; repeated: string }[] = []
  findRepetitions(parts, '', repetitions)
  const starts = new Set(['', ...repetitions.map(({ before }) => before)])
  const attacks = [
    ...[...starts].flatMap(before =>
      [...alphabet, ...pairs].map(repeated => ({ before, repeated }))
    ),
    ...repetitions,
    // An expression that is tried at each place of a text begins anew again and again.
    ...repetitions.map(({ before, repeated }) => ({ before: '', repeated: before + repeated }))
  ]
  return attacks.flatMap(attack => ENDS.map(after => ({ ...attack, after })))
}

/** Collects the repetitions without a bound. @returns A text that fits the parts. */
function findRepetitions(
  parts: readonly Part[],
  start: string,
  found: { before: string; repeated: string }[]
): string {
  let before = start
  for (const part of parts) {
    if (part.kind === 'choice') {
      for (const choice of part.choices) findRepetitions(choice, before, found)
    } else if (part.kind === 'look') findRepetitions([part.inner], before, found)
    else if (part.kind === 'repeat') {
      if (part.max > LONG_MIN) found.push({ before, repeated: sampleOf(part.inner) })
      findRepetitions([part.inner], before, found)
    }
    before += sampleOf(part)
  }
  return before
}

function sampleOf(part: Part): string {
  switch (part.kind) {
    case 'character':
      return part.characters[0] ?? ''
    case 'choice':
      return (part.choices[0] ?? []).map(sampleOf).join('')
    case 'repeat':
      return sampleOf(part.inner).repeat(Math.max(part.min, 1))
    default:
      return ''
  }
}

function charactersOf(part: Part): readonly string[] {
  if (part.kind === 'character') return part.characters
  if (part.kind === 'choice') return part.choices.flat().flatMap(charactersOf)
  return part.kind === 'same' ? [] : charactersOf(part.inner)
}

const SET = String.raw`\[(?:\\.|[^\]\\])*\]`
const ESCAPE = String.raw`\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[A-Z]|k<[^>]*>|.)`
const TOKEN = new RegExp(
  String.raw`${SET}|${ESCAPE}|\((?:\?(?:[:=!]|<[=!]|<\w+>))?|[*+?]\??|\{\d+(?:,\d*)?\}\??|[\s\S]`,
  'gu'
)

/** Reads the parts of an expression, of which JavaScript has checked the syntax. */
function parse(source: string, flags: string): Part[] {
  const tokens = source.match(TOKEN) ?? []
  let at = 0

  const readChoices = (): Part => {
    const choices: Part[][] = [[]]
    while (at < tokens.length && tokens[at] !== ')') {
      const token = tokens[at++] ?? ''
      const sequence = choices.at(-1) ?? []
      if (token === '|') choices.push([])
      else if (token.startsWith('(')) {
        const inner = readChoices()
        at++
        sequence.push(/[=!]$/.test(token) ? { kind: 'look', inner } : inner)
      } else if (/^(?:[*+?]|\{\d)/.test(token)) {
        const inner = sequence.pop()
        if (inner !== undefined) sequence.push({ kind: 'repeat', inner, ...countsOf(token) })
      } else if (/^\\[1-9k]/.test(token)) sequence.push({ kind: 'same', group: 0 })
      else if (!/^(?:[\^$]|\\[bB])$/.test(token)) {
        const taken = new RegExp(`^${token}$`, `${flags.replace('m', '')}`)
        const literal = token.length === 1 && token !== '.' ? [token] : []
        const characters = [...literal, ...SAMPLES.filter(sample => taken.test(sample))]
        sequence.push({ kind: 'character', characters: characters.slice(0, CHARACTERS_MAX) })
      }
    }
    return { kind: 'choice', choices }
  }
  return [readChoices()]
}

function countsOf(token: string): { min: number; max: number } {
  const [, from, comma, to] = /^\{(\d+)(,?)(\d*)\}/.exec(token) ?? []
  if (from === undefined)
    return { min: token.startsWith('+') ? 1 : 0, max: token.startsWith('?') ? 1 : Infinity }
  return { min: Number(from), max: comma === '' ? Number(from) : to === '' ? Infinity : Number(to) }
}
