/** Longest pattern that texts are made for. */
const PATTERN_MAX = 300

/** How often a part of a pattern may be repeated, with the repeats of the groups around it. */
const REPEATS_MAX = 200

/** How often alternatives may be repeated of which text may match several. */
const AMBIGUOUS_MAX = 4

/** Alternatives of one group that are compared; more count as ambiguous. */
const STARTS_MAX = 40

/** Depth of groups. */
const DEPTH_MAX = 8

type Group = {
  /** The most that it may be repeated inside. */
  most: number
  /** It has a part without a bound. */
  isOpen: boolean
  /** It begins with a sign that parts one repetition from the next. */
  isParted: boolean
  isEmpty: boolean
  /** The first parts of its alternatives. */
  starts: string[]
  /** One of its alternatives has no part yet. */
  isAtStart: boolean
  /** Text may match more than one of its alternatives, or of those of a group in it. */
  isAmbiguous: boolean
}

/**
 * Whether texts are made for a pattern: of characters, sets, groups and alternatives, with bounded counts. Without
 * look-around, references to groups, and repeats within repeats that a match would try over and over.
 */
export function isMadePattern(pattern: string): boolean {
  return pattern.length <= PATTERN_MAX && isBounded(pattern) && isRegularExpression(pattern)
}

function isBounded(pattern: string): boolean {
  const groups: Group[] = [newGroup()]
  let last: Group = newGroup()
  for (const token of tokensOf(pattern)) {
    const group = groups.at(-1)
    if (group === undefined) return false
    const repeat = repeatOf(token)
    if (repeat !== undefined) {
      const isOpen = repeat === Number.POSITIVE_INFINITY
      if (isOpen && last.isOpen && !last.isParted) return false
      if (!isOpen && last.most * repeat > REPEATS_MAX) return false
      if (repeat > AMBIGUOUS_MAX && last.isAmbiguous && !last.isParted) return false
      group.isOpen ||= isOpen || last.isOpen
      group.most = Math.max(group.most, last.most * (isOpen ? 1 : repeat))
      last = newGroup()
      continue
    }
    if (token === '|') {
      group.isAmbiguous ||= group.isAtStart
      group.isAtStart = true
    } else if (group.isAtStart && token !== ')') {
      group.isAtStart = false
      const isMany = group.starts.length >= STARTS_MAX
      group.isAmbiguous ||= isMany || group.starts.some(start => haveCommon(start, token))
      group.starts.push(token)
    }
    if (token.startsWith('(')) {
      if (token !== '(' && token !== '(?:') return false
      if (groups.length > DEPTH_MAX) return false
      groups.push(newGroup())
      continue
    }
    if (token === ')') {
      groups.pop()
      const outer = groups.at(-1)
      if (outer === undefined) return false
      outer.most = Math.max(outer.most, group.most)
      outer.isOpen ||= group.isOpen
      outer.isAmbiguous ||= group.isAmbiguous || group.isAtStart
      outer.isEmpty = false
      last = group
      last.isAmbiguous ||= group.isAtStart
      continue
    }
    if (/^\\[1-9k]/.test(token)) return false
    if (group.isEmpty) group.isParted = /^(\\[^\w]|[^\w\\[.^$|])$/u.test(token)
    group.isEmpty = false
    last = newGroup()
  }
  return groups.length === 1
}

/** The parts of a pattern: escapes, sets, the starts and ends of groups, repeats, and single characters. */
function tokensOf(pattern: string): string[] {
  const tokens: string[] = []
  for (let start = 0; start < pattern.length; ) {
    const end = tokenEnd(pattern, start)
    tokens.push(pattern.slice(start, end))
    start = end
  }
  return tokens
}

function tokenEnd(pattern: string, start: number): number {
  const rest = pattern.slice(start, start + REPEAT_LENGTH)
  const first = pattern.charAt(start)
  if (first === '\\') return start + 2
  if (first === '[') return setEnd(pattern, start)
  if (first === '(') return start + (/^\(\?[:=!<]?/.exec(rest)?.[0].length ?? 1)
  const repeat = /^(?:[*+?]|\{\d{1,20}(?:,\d{0,20})?\})\??/.exec(rest)?.[0]
  return start + (repeat?.length ?? 1)
}

/** No repeat has more characters. */
const REPEAT_LENGTH = 48

function setEnd(pattern: string, start: number): number {
  let end = start + 1
  while (end < pattern.length && pattern.charAt(end) !== ']') {
    end += pattern.charAt(end) === '\\' ? 2 : 1
  }
  return end + 1
}

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))

/** Whether two parts of a pattern match one character in common; also where they match more than one character. */
function haveCommon(one: string, other: string): boolean {
  const [first, second] = [characterClass(one), characterClass(other)]
  if (first === undefined || second === undefined) return true
  return ASCII.some(character => first.test(character) && second.test(character))
}

/** A single character, an escape or a set as an expression; undefined for any other part. */
function characterClass(token: string): RegExp | undefined {
  if (/^[()^$|]/.test(token)) return undefined
  try {
    return new RegExp(`^${token}$`)
  } catch {
    return undefined
  }
}

function newGroup(): Group {
  return {
    ...{ most: 1, isOpen: false, isParted: false, isEmpty: true },
    ...{ starts: [], isAtStart: true, isAmbiguous: false }
  }
}

/** How often a token repeats what is before it at the most; undefined for one that is no repeat. */
function repeatOf(token: string): number | undefined {
  if (/^[*+]/.test(token)) return Number.POSITIVE_INFINITY
  if (token.startsWith('?')) return 1
  const counts = /^\{(\d{1,20})(,(\d{0,20}))?\}/.exec(token)
  if (counts === null) return undefined
  const [, least = '', range, most = ''] = counts
  if (range !== undefined && most === '')
    return Number(least) > REPEATS_MAX ? Number(least) : Number.POSITIVE_INFINITY
  return Number(range === undefined ? least : most)
}

function isRegularExpression(pattern: string): boolean {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(pattern, flags).source !== ''
    } catch {
      // It may be one of the older form.
    }
  }
  return false
}
