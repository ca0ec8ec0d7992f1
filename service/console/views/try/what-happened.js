import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { Badge } from '../../parts/badge.js'
import { CodeBlock } from '../../parts/code-block.js'
import { Table } from '../../parts/table.js'
import { Tabs } from '../../parts/tabs.js'
import { service } from '../../service-client.js'
import { CallList } from './call-list.js'
import { curlCommand } from './curl-command.js'
import { Waterfall } from './waterfall.js'

/** @import { TryAnswer } from '../../../protocol/try-schemas.ts' */

/**
 * How an answer came about: calls, filter, pages, time, and the request of the platform.
 *
 * @param {{ answer: TryAnswer }} props
 */
export function WhatHappened({ answer }) {
  const [chosen, setChosen] = useState('calls')
  const { calls, callsLeftOut, conditions, pages, timings, request } = answer
  const count = calls.length + callsLeftOut
  const tabs = [
    {
      name: 'calls',
      title: html`Calls <span class="tally">${count}</span>`,
      panel: () => html`<${CallList} answer=${answer} />`
    },
    ...(conditions.length === 0
      ? []
      : [
          {
            name: 'filter',
            title: html`Filter <span class="tally">${conditions.length}</span>`,
            panel: () => html`<${FilterReport} conditions=${conditions} />`
          }
        ]),
    ...(pages.length === 0
      ? []
      : [
          {
            name: 'pages',
            title: html`Pages <span class="tally">${pages.length}</span>`,
            panel: () => html`<${PageReport} answer=${answer} />`
          }
        ]),
    {
      name: 'time',
      title: 'Time',
      panel: () => html`<${Waterfall} timings=${timings} calls=${calls} />`
    },
    {
      name: 'platform',
      title: 'Platform request',
      panel: () => html`<p class="quiet panel-lead">
          What the flow platform sends for this, with secrets masked.
        </p>
        <${CodeBlock} label="The platform's request as curl" text=${curlCommand(request, service.shownUrl())} />`
    }
  ]
  const shown = tabs.find(({ name }) => name === chosen) ?? tabs[0]
  return html`<section class="happened" aria-label="What happened">
    <h2>What happened</h2>
    <${Tabs} label="What happened" tabs=${tabs} selected=${shown?.name ?? ''} onSelect=${setChosen}>
      ${shown?.panel()}
    <//>
  </section>`
}

/** @param {{ conditions: TryAnswer['conditions'] }} props */
function FilterReport({ conditions }) {
  return html`<${Table}
    label="What became of the filter"
    keyOf=${(/** @type {TryAnswer['conditions'][number]} */ { part, text }) => `${part} ${text}`}
    rows=${conditions}
    columns=${[
      {
        name: 'part',
        title: 'Part',
        cell: (/** @type {TryAnswer['conditions'][number]} */ each) =>
          html`<span class="quiet">${each.part}</span> <code>${each.text}</code>`
      },
      {
        name: 'by',
        title: 'Done by',
        cell: (/** @type {TryAnswer['conditions'][number]} */ each) => doneBy(each)
      },
      {
        name: 'sent',
        title: 'Sent to the API',
        kind: 'code',
        cell: (/** @type {TryAnswer['conditions'][number]} */ { sent }) => sent.join('\n') || '–'
      },
      {
        name: 'reason',
        title: 'Why',
        cell: (/** @type {TryAnswer['conditions'][number]} */ { reason }) => reason
      }
    ]}
  />`
}

/** @param {TryAnswer['conditions'][number]} part */
function doneBy({ sent, isEvaluated }) {
  return html`<span class="done-by">
    ${sent.length > 0 && html`<${Badge} tone="success">the API<//>`}
    ${isEvaluated && html`<${Badge} tone="warning">the connector<//>`}
  </span>`
}

/** @param {{ answer: TryAnswer }} props */
function PageReport({ answer: { paging, pages } }) {
  const rows = pages.map((page, at) => ({ ...page, number: at + 1 }))
  return html`${paging !== null && html`<p class="quiet panel-lead">Paging: ${paging}.</p>`}
    <${Table}
      label="The pages of the list"
      keyOf=${(/** @type {(typeof rows)[number]} */ { number }) => String(number)}
      rows=${rows}
      columns=${[
        {
          name: 'number',
          title: 'Page',
          kind: 'number',
          cell: (/** @type {(typeof rows)[number]} */ { number }) => number
        },
        {
          name: 'records',
          title: 'Records',
          kind: 'number',
          cell: (/** @type {(typeof rows)[number]} */ { records }) => records
        },
        {
          name: 'repeated',
          title: 'Seen before',
          kind: 'number',
          cell: (/** @type {(typeof rows)[number]} */ { repeated }) => repeated
        },
        {
          name: 'total',
          title: 'Whole list',
          kind: 'number',
          cell: (/** @type {(typeof rows)[number]} */ { total }) => total ?? '–'
        },
        {
          name: 'last',
          title: 'Then',
          cell: (/** @type {(typeof rows)[number]} */ { isLast }) =>
            isLast ? 'nothing more was read' : 'the next page was read'
        }
      ]}
    />`
}
