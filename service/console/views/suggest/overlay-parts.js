/** @import { OverlayAnswer } from '../../../protocol/overlay-schemas.ts' */

/** @typedef {OverlayAnswer['resources'][number]} Resource */
/** @typedef {'query' | 'load' | 'save' | 'update' | 'delete'} Verb */

/** A line that adds a key to a schema: `x-flow-query: { path: /pets }`. @typedef {{ key: string, value: string }} KeyLine */

/**
 * What adds one type: comments, the target, and a line for each key.
 *
 * @typedef {{
 *   type: string,
 *   comments: readonly string[],
 *   target: string,
 *   lines: readonly KeyLine[]
 * }} TypePart
 */

/**
 * The text of a proposed overlay, in parts that can be left out and changed.
 *
 * @typedef {{
 *   head: readonly string[],
 *   types: readonly TypePart[],
 *   rest: readonly string[],
 *   tail: readonly string[]
 * }} OverlayParts
 */

/**
 * What a person has decided, by type and key as of `decisionKey`: null drops a mapping, a text replaces what was
 * proposed. What is absent is accepted.
 *
 * @typedef {Readonly<Record<string, string | null>>} Decisions
 */

/** @type {readonly Verb[]} */
export const VERBS = ['query', 'load', 'save', 'update', 'delete']

/** @param {string} type @param {string} key */
export function decisionKey(type, key) {
  return `${type} ${key}`
}

/**
 * Takes the text of a proposal apart. Each type begins with comments, the first of which names it; the actions at the end
 * have none, and name the types of nested objects.
 *
 * @param {OverlayAnswer} answer
 * @returns {OverlayParts}
 */
export function overlayParts({ overlay, resources }) {
  const lines = overlay.split('\n')
  const start = lines.findIndex(line => line.startsWith('actions:'))
  const afterActions = lines.findIndex((line, at) => at > start && !line.startsWith('  '))
  const end = afterActions === -1 ? lines.length : afterActions
  const blocks = blocksOf(lines.slice(start + 1, end))
  const types = resources.flatMap(({ type }, at) => {
    const block = blocks[at]
    return block === undefined ? [] : [typePart(type, block)]
  })
  return {
    head: lines.slice(0, start),
    types,
    rest: blocks.slice(types.length).flat(),
    tail: lines.slice(end)
  }
}

/**
 * Lines by the action that they belong to.
 *
 * @param {readonly string[]} lines
 */
function blocksOf(lines) {
  /** @type {string[][]} */
  const blocks = []
  let isInAction = true
  for (const line of lines) {
    const begins = line.startsWith('  # ') || line.startsWith('  - ')
    if (begins && isInAction) blocks.push([])
    if (begins) isInAction = line.startsWith('  - ')
    blocks.at(-1)?.push(line)
  }
  return blocks
}

/** @param {string} type @param {readonly string[]} block @returns {TypePart} */
function typePart(type, block) {
  const comments = block.filter(line => line.startsWith('  # '))
  const [target = ''] = block.filter(line => line.startsWith('  - '))
  const lines = block.filter(line => line.startsWith('      '))
  return {
    type,
    comments,
    target,
    lines: lines.map(line => {
      const at = line.indexOf(': ')
      return { key: line.slice(6, at), value: line.slice(at + 2) }
    })
  }
}

/**
 * The overlay that a person has decided for. A type without any mapping is left out.
 *
 * @param {OverlayParts} parts
 * @param {Decisions} decisions
 */
export function composeOverlay({ head, types, rest, tail }, decisions) {
  const kept = types.flatMap(part => keptLines(part, decisions))
  const actions = kept.length === 0 ? ['actions: []'] : ['actions:', ...kept, ...rest]
  return [...head, ...actions, ...tail].join('\n')
}

/** @param {TypePart} part @param {Decisions} decisions */
function keptLines({ type, comments, target, lines }, decisions) {
  const kept = lines.filter(({ key }) => decisions[decisionKey(type, key)] !== null)
  const isDropped = lines.some(isMapping) && !kept.some(isMapping)
  if (isDropped || kept.length === 0) return []
  const dropped = lines.filter(line => !kept.includes(line)).map(({ key }) => key)
  const said = comments.filter(
    comment => !dropped.some(key => comment.startsWith(`  # ${key.slice('x-flow-'.length)}: `))
  )
  const written = kept.map(
    ({ key, value }) => `      ${key}: ${decisions[decisionKey(type, key)] ?? value}`
  )
  return [...said, target, '    update:', ...written]
}

/** @param {KeyLine} line */
function isMapping({ key }) {
  return VERBS.some(verb => key === `x-flow-${verb}`)
}
