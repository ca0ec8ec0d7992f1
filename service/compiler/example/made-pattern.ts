/** Longest pattern that texts are made for. */
const PATTERN_MAX = 300

/** How often a part of a pattern may be repeated, with the repeats of the groups around it. */
const REPEATS_MAX = 200

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
      group.isOpen ||= isOpen || last.isOpen
      group.most = Math.max(group.most, last.most * (isOpen ? 1 : repeat))
      last = newGroup()
      continue
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
      outer.isEmpty = false
      last = group
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

function newGroup(): Group {
  return { most: 1, isOpen: false, isParted: false, isEmpty: true }
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
