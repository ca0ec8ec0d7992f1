import { html } from 'htm/preact'

import { counted } from '../counted.js'
import { Badge } from '../parts/badge.js'
import { Icon } from '../parts/icon.js'
import { InlineCode } from '../parts/inline-code.js'
import { useFirstRows } from '../parts/show-more.js'
import { countsOf } from './findings.js'

/** @import { Finding } from './findings.js' */

/** Findings that are shown at once. */
const STEP = 50

const NOUNS = { error: 'error', warning: 'warning', info: 'note' }

/**
 * What the connector has to say about the document. A finding leads to its line.
 *
 * @param {{ findings: readonly Finding[], file: string, onChoose: (finding: Finding) => void }} props
 */
export function FindingsPanel({ findings, file, onChoose }) {
  const [shown, more] = useFirstRows(findings, STEP)
  if (findings.length === 0) {
    return html`<p class="findings-none"><${Icon} name="check" /> Nothing to correct.</p>`
  }
  return html`<div class="findings-counts">
      ${countsOf(findings).map(
        ({ severity, count }) => html`<${Badge} key=${severity} tone=${severity}>
          ${counted(count, NOUNS[severity])}
        <//>`
      )}
    </div>
    <ul class="findings">
      ${shown.map(
        (finding, index) => html`<li key=${index}>
          <${FindingRow} finding=${finding} file=${file} onChoose=${onChoose} />
        </li>`
      )}
    </ul>
    ${more}`
}

/** @param {{ finding: Finding, file: string, onChoose: (finding: Finding) => void }} props */
function FindingRow({ finding, file, onChoose }) {
  const { severity, message, remedy, code, line } = finding
  const place = `${finding.file === file ? '' : `${finding.file}, `}${line === null ? '' : `line ${line}`}`
  const text = html`<${Icon} name=${severity} />
    <span class="finding-text">
      <span><${InlineCode} text=${message} /></span>
      <span class="quiet"><${InlineCode} text=${remedy} /></span>
      <span class="finding-foot quiet"><code>${code}</code>${place && html`<span>${place}</span>`}</span>
    </span>`
  return line === null
    ? html`<div class="finding" data-tone=${severity}>${text}</div>`
    : html`<button type="button" class="finding" data-tone=${severity} onClick=${() => onChoose(finding)}>
        ${text}
      </button>`
}
