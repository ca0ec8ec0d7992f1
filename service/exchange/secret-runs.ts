import { decodedTexts } from './decoded-text.ts'

/** A part of a secret that is as long as this gives it away. */
const RUN_LENGTH = 12

/** A secret that looks like an encoded text is shorter once it is decoded as such. */
const DECODED_RUN_LENGTH = 8

/** Encodings of bytes have more characters for as much of a secret. */
const BASE64_RUN_LENGTH = 16
const HEX_RUN_LENGTH = 24

/** A shorter secret is found as a word of its own only, since half of every text has it as a part. */
const PART_MIN_LENGTH = 4

/** Base64 that is shorter may be a word. */
const BASE64_MIN_LENGTH = 6

/** A blank; forms write `+` for a space. */
const BLANK = /[\s+]/g

const WORD_UNIT = /^[\p{L}\p{N}_]$/u

/** How much of a secret is looked for. */
const SECRET_MAX_LENGTH = 8_192

/** What to find in texts, as `folded` spells it. */
export type SecretRuns = {
  /** Runs by their length. */
  readonly runs: ReadonlyMap<number, ReadonlySet<string>>
  /** Whole words. */
  readonly words: readonly string[]
}

/**
 * What gives secrets away: their runs of 12 characters, and of shorter secrets the whole, in plain, in base64 and in
 * hex. A secret of less than four characters is a word.
 */
export function secretRuns(secrets: Iterable<string>): SecretRuns {
  const runs = new Map<number, Set<string>>()
  const words: string[] = []
  const add = (text: string, length: number): void => {
    const run = Math.min(length, text.length)
    const known = runs.get(run) ?? new Set<string>()
    runs.set(run, known)
    for (let at = 0; at + run <= text.length; at++) known.add(text.slice(at, at + run))
  }
  for (const given of new Set(secrets)) {
    if (given === '') continue
    const secret = given.slice(0, SECRET_MAX_LENGTH)
    if (secret.length < PART_MIN_LENGTH) {
      words.push(secret)
      continue
    }
    for (const { text, starts } of decodedTexts(secret)) {
      const length = starts === null ? RUN_LENGTH : DECODED_RUN_LENGTH
      if (text.length >= PART_MIN_LENGTH) add(folded(text), length)
    }
    for (const text of base64Of(secret)) add(folded(text), BASE64_RUN_LENGTH)
    add(Buffer.from(secret).toString('hex'), HEX_RUN_LENGTH)
  }
  return { runs, words }
}

/** Marks in a text, or in what it encodes, what gives secrets away: 1 for each UTF-16 unit of it. */
export function findSecrets(original: string, { runs, words }: SecretRuns): Uint8Array {
  const hidden = new Uint8Array(original.length)
  for (const { text, starts, ends } of decodedTexts(original)) {
    const hide = (from: number, to: number): void => {
      hidden.fill(1, starts?.[from] ?? from, ends?.[to - 1] ?? to)
    }
    const plain = folded(text)
    for (const [length, known] of runs) {
      for (let at = 0; at + length <= plain.length; at++) {
        if (known.has(plain.slice(at, at + length))) hide(at, at + length)
      }
    }
    for (const word of words) {
      let at = text.indexOf(word)
      for (; at !== -1; at = text.indexOf(word, at + 1)) {
        if (isWord(text, at, at + word.length)) hide(at, at + word.length)
      }
    }
  }
  return hidden
}

/** Whether no letter, digit or underscore stands beside a part of a text. */
function isWord(text: string, from: number, to: number): boolean {
  return !WORD_UNIT.test(text.charAt(from - 1)) && !WORD_UNIT.test(text.charAt(to))
}

/** Text in which letter case and the kind of blanks do not count. Positions stay. */
function folded(text: string): string {
  const lower = text.toLowerCase()
  const isShifted = lower.length !== text.length
  return (isShifted ? text.replace(/[A-Z]+/g, upper => upper.toLowerCase()) : lower).replace(
    BLANK,
    ' '
  )
}

/**
 * The base64 of a secret, alone and as a part of other bytes, in both alphabets (RFC 4648 4 and 5): without the
 * characters that depend on what stands beside it.
 */
function base64Of(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const texts = [0, 1, 2].map(shift => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    const own = text.slice(
      shift === 0 ? 0 : shift + 1,
      Math.floor(((shift + bytes.length) * 8) / 6)
    )
    return shift === 0 || own.length >= BASE64_MIN_LENGTH ? own : ''
  })
  return texts
    .filter(text => text !== '')
    .flatMap(text => [text, text.replaceAll('+', '-').replaceAll('/', '_')])
}
