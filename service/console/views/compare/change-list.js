import { html } from 'htm/preact'
import { useMemo, useState } from 'preact/hooks'

import { counted } from '../../counted.js'
import { Badge } from '../../parts/badge.js'
import { EmptyState } from '../../parts/empty-state.js'
import { Icon } from '../../parts/icon.js'
import { InlineCode } from '../../parts/inline-code.js'
import { SearchField } from '../../parts/search-field.js'
import { useFirstRows } from '../../parts/show-more.js'
import { Tabs } from '../../parts/tabs.js'

/** @import { DiffResponse } from '../../../protocol/schemas.ts' */
/** @typedef {DiffResponse['changes'][number]} Change */

/** Rows that are shown at once. */
const STEP = 100

/** Fewer are looked through without a search. */
const SEARCH_FROM = 10

/**
 * What has changed between two versions, what breaks first.
 *
 * @param {{ answer: DiffResponse }} props
 */
export function ChangeList({ answer }) {
  const { breaking, others, changes } = answer
  const [chosen, setChosen] = useState(/** @type {'breaking' | 'others' | null} */ (null))
  if (breaking + others === 0) {
    return html`<${EmptyState} icon="check" title="No flow notices the change">
      <p>Types, properties, mappings, ids and credentials are the same in both versions.</p>
    <//>`
  }
  const selected = chosen ?? (breaking > 0 ? 'breaking' : 'others')
  const tabs = [
    { name: 'breaking', title: html`Breaks flows <${Count} tone="error" of=${breaking} />` },
    { name: 'others', title: html`Other changes <${Count} of=${others} />` }
  ]
  return html`<${Summary} breaking=${breaking} />
    <${Tabs} label="Changes" tabs=${tabs} selected=${selected} onSelect=${setChosen}>
      <${Changes}
        key=${selected}
        changes=${changes}
        breaks=${selected === 'breaking'}
        count=${selected === 'breaking' ? breaking : others}
      />
    <//>`
}

/** @param {{ breaking: number }} props */
function Summary({ breaking }) {
  const isSafe = breaking === 0
  return html`<p class="verdict" role="status" data-tone=${isSafe ? 'success' : 'error'}>
    <${Icon} name=${isSafe ? 'check' : 'error'} />
    ${
      isSafe
        ? 'Installed flows go on working with the newer version.'
        : `${counted(breaking, 'change breaks', 'changes break')} installed flows.`
    }
  </p>`
}

/** @param {{ of: number, tone?: 'error' | 'neutral' }} props */
function Count({ of: count, tone = 'neutral' }) {
  return html`<${Badge} tone=${count === 0 ? 'neutral' : tone}>${count.toLocaleString('en')}<//>`
}

/** @param {{ changes: readonly Change[], breaks: boolean, count: number }} props */
function Changes({ changes, breaks, count }) {
  const [search, setSearch] = useState('')
  const own = useMemo(() => changes.filter(change => change.breaks === breaks), [changes, breaks])
  const found = useMemo(() => {
    const words = search.trim().toLowerCase()
    return own.filter(({ code, message }) => `${code} ${message}`.toLowerCase().includes(words))
  }, [own, search])
  const [shown, more] = useFirstRows(found, STEP)
  if (own.length === 0) {
    return html`<p class="quiet">${breaks ? 'Nothing breaks flows.' : 'There are no other changes.'}</p>`
  }
  return html`${
    own.length >= SEARCH_FROM &&
    html`<${SearchField} label="Search changes" value=${search} onInput=${setSearch} />`
  }
    ${found.length === 0 && html`<p class="quiet">No change has “${search.trim()}”.</p>`}
    <ul class="change-list card">
      ${shown.map(change => html`<${ChangeRow} key=${keyOf(change)} change=${change} />`)}
    </ul>
    ${more}
    ${
      count > own.length &&
      html`<p class="hint">The first ${own.length.toLocaleString('en')} of ${count.toLocaleString('en')} are listed.</p>`
    }`
}

/** @param {Change} change */
function keyOf({ code, message, pointer }) {
  return [code, pointer, message].join(' ')
}

/** @param {{ change: Change }} props */
function ChangeRow({ change }) {
  const { code, message, effect, version, pointer } = change
  return html`<li class="change">
    <p class="change-message"><${InlineCode} text=${sentence(message)} /></p>
    <p class="change-effect"><${InlineCode} text=${effect} /></p>
    <p class="change-place">
      <code>${code}</code>
      <span title=${pointer}>
        ${version === 'old' ? 'older' : 'newer'} version, <code>${pointer === '' ? '/' : pointer}</code>
      </span>
    </p>
  </li>`
}

/** With a capital; a backtick stays before code. @param {string} message */
function sentence(message) {
  return message.slice(0, 1).toUpperCase() + message.slice(1)
}
