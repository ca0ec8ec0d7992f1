import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { Badge, Method } from '../../parts/badge.js'
import { CodeBlock } from '../../parts/code-block.js'
import { CopyButton } from '../../parts/copy-button.js'
import { Icon } from '../../parts/icon.js'
import { curlCommand } from './curl-command.js'
import { indentJson } from './indent-json.js'

/** @import { TryAnswer } from '../../../protocol/try-schemas.ts' */

/**
 * Each call with its answer, exactly as they were but for secrets.
 *
 * @param {{ answer: TryAnswer }} props
 */
export function CallList({ answer: { calls, callsLeftOut, timings } }) {
  if (calls.length === 0) return html`<p class="quiet">No call was made.</p>`
  const durations = calls.map((_, at) =>
    timings
      .filter(({ call, part }) => call === at && part !== 'wait')
      .reduce((sum, { duration }) => sum + duration, 0)
  )
  return html`<ol class="calls">
      ${calls.map((call, at) => html`<${Call} key=${at} call=${call} milliseconds=${durations[at] ?? 0} isFirstOpen=${calls.length === 1} />`)}
    </ol>
    ${callsLeftOut > 0 && html`<p class="quiet">${callsLeftOut} more calls are not shown.</p>`}`
}

/**
 * @param {{ call: TryAnswer['calls'][number], milliseconds: number, isFirstOpen: boolean }} props
 */
function Call({ call: { answeredBy, request, answer, failure }, milliseconds, isFirstOpen }) {
  const [isOpen, setOpen] = useState(isFirstOpen)
  const isFailed = answer === null || answer.status >= 400
  return html`<li>
    <details
      class="call"
      open=${isOpen}
      onToggle=${(/** @type {{ currentTarget: HTMLDetailsElement }} */ { currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary>
        <${Icon} name="chevron" />
        <${Method} name=${request.method} />
        <code class="truncate call-url">${request.url}</code>
        ${answeredBy === 'example' && html`<${Badge} tone="info">example<//>`}
        <${Badge} tone=${isFailed ? 'error' : 'success'}>${answer?.status ?? 'no answer'}<//>
        ${answeredBy === 'api' && html`<span class="quiet small call-time">${durationText(milliseconds)}</span>`}
      </summary>
      ${
        isOpen &&
        html`<div class="call-body">
        <section>
          <div class="call-head">
            <h3>Request</h3>
            ${answeredBy === 'api' && html`<${CopyButton} label="Copy as curl" text=${curlCommand(request)} />`}
          </div>
          <${Message} first="${request.method} ${request.url}" headers=${request.headers} body=${request.body} label="The request" />
        </section>
        <section>
          <div class="call-head"><h3>Answer</h3></div>
          ${
            answer === null
              ? html`<p class="call-failure">${failure}</p>`
              : html`<${Message} first=${String(answer.status)} headers=${answer.headers} body=${answer.body} label="The answer" />
                  ${answer.isCut && html`<p class="hint">The body goes on: only its start is shown.</p>`}`
          }
        </section>
      </div>`
      }
    </details>
  </li>`
}

/**
 * @param {{
 *   first: string,
 *   headers: Readonly<Record<string, string>>,
 *   body: string | null,
 *   label: string
 * }} props
 */
function Message({ first, headers, body, label }) {
  const lines = [first, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]
  const text = body === null ? lines.join('\n') : `${lines.join('\n')}\n\n${indentJson(body)}`
  return html`<${CodeBlock} text=${text} label=${label} canCopy=${false} />`
}

/** @param {number} milliseconds */
export function durationText(milliseconds) {
  if (milliseconds >= 1_000) return `${(milliseconds / 1_000).toFixed(2)} s`
  return milliseconds >= 10 ? `${Math.round(milliseconds)} ms` : `${milliseconds.toFixed(1)} ms`
}
