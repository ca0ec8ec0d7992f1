import { autocompletion } from '@codemirror/autocomplete'
import { hoverTooltip } from '@codemirror/view'

import { keyPathAt } from './key-path.js'
import { membersAt, valuesOf } from './schema-members.js'

/** @import { CompletionContext } from '@codemirror/autocomplete' */
/** @import { EditorState } from '@codemirror/state' */
/** @import { Schema } from './schema-members.js' */

/** Longest key that is explained. A minified document is one line of any length. */
const KEY_MAX = 100

/**
 * Completes and explains keys as the schema of the x-flow keys has them.
 *
 * @param {() => Promise<Schema>} readSchema
 */
export function xFlowHelp(readSchema) {
  return [
    autocompletion({
      override: [context => complete(context, readSchema)],
      icons: false,
      activateOnTyping: true
    }),
    hoverTooltip(async (view, position) => {
      const word = keyAround(view.state, position)
      const path = word && pathAt(view.state, word.from)
      if (!path) return null
      const member = membersAt(await readSchema(), path).find(({ name }) => name === word.text)
      if (member === undefined || member.description === '') return null
      return { pos: word.from, end: word.to, above: true, create: () => ({ dom: tip(member) }) }
    })
  ]
}

/** @param {CompletionContext} context @param {() => Promise<Schema>} readSchema */
async function complete(context, readSchema) {
  const { state, pos, explicit } = context
  const line = state.doc.lineAt(pos)
  const before = line.text.slice(0, pos - line.from)
  const value = /(?:^|[\s{,])([\w$-]+):\s+([\w-]*)$/.exec(before)
  const [, key = ''] = /(?:^\s*(?:-\s+)*|[{,]\s*)([\w$-]*)$/.exec(before) ?? []
  if (value === null && key === '' && !explicit) return null
  const schema = await readSchema()
  if (value !== null) {
    const [, name = '', typed = ''] = value
    const path = pathAt(state, line.from + before.lastIndexOf(`${name}:`))
    const member = path && membersAt(schema, path).find(each => each.name === name)
    const options = member ? valuesOf(schema, member.schema) : []
    return { from: pos - typed.length, options: options.map(label => ({ label })) }
  }
  const path = pathAt(state, pos - key.length)
  if (path === undefined) return null
  return {
    from: pos - key.length,
    validFor: /^[\w$-]*$/,
    options: membersAt(schema, path).map(({ name, description }) => ({
      label: name,
      apply: `${name}: `,
      ...(description !== '' && { info: description }),
      boost: name.startsWith('x-flow') ? 1 : 0
    }))
  }
}

/** @param {EditorState} state @param {number} position */
function pathAt({ doc }, position) {
  const line = doc.lineAt(position)
  return keyPathAt(number => doc.line(number).text, line.number, position - line.from)
}

/** The key at a position, if a key is there. @param {EditorState} state @param {number} position */
function keyAround({ doc }, position) {
  const line = doc.lineAt(position)
  const start = Math.max(line.from, position - KEY_MAX)
  const near = doc.sliceString(start, Math.min(line.to, position + KEY_MAX))
  for (const { index, 0: text } of near.matchAll(/[\w$-]+(?=["']?\s*:)/g)) {
    const from = start + index
    if (from <= position && position <= from + text.length) {
      return { from, to: from + text.length, text }
    }
  }
  return undefined
}

/** @param {import('./schema-members.js').Member} member */
function tip({ name, description }) {
  const dom = document.createElement('div')
  dom.className = 'key-tip'
  const title = document.createElement('code')
  title.textContent = name
  const text = document.createElement('p')
  text.textContent = description
  dom.append(title, text)
  return dom
}
