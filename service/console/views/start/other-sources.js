import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { Field } from '../../parts/field.js'
import { Icon } from '../../parts/icon.js'
import { ProblemNotice } from '../../parts/notice.js'
import { problemOf } from '../../problem.js'
import { service } from '../../service-client.js'

/** @import { ShownProblem } from '../../problem.js' */

/** Bundled documents to begin with; they answer from their examples. */
const SAMPLES = [
  { name: 'petstore', about: 'Pets and toys: every verb, nested objects' },
  { name: 'helpdesk', about: 'Customers, tickets and comments' },
  { name: 'no-markup', about: 'A shop without any x-flow key: types are inferred' },
  { name: 'apis/stripe', about: 'Form bodies, cursors, decimal money' }
]

/**
 * A document that has no address: a file, a text, or a sample.
 *
 * @param {{
 *   onKept: (location: string) => void,
 *   onSample: (location: string) => void
 * }} props `onKept` gets the Schema URL of the text that was given.
 */
export function OtherSources({ onKept, onSample }) {
  const [text, setText] = useState('')
  const [isDropping, setIsDropping] = useState(false)
  const [problem, setProblem] = useState(/** @type {ShownProblem | null} */ (null))
  const keep = async (/** @type {string} */ given) => {
    setProblem(null)
    try {
      onKept(await service.keep(given))
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  const take = async (/** @type {FileList | null | undefined} */ files) => {
    const file = files?.[0]
    if (file !== undefined) await keep(await file.text())
  }
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault()
    setIsDropping(false)
    take(event.dataTransfer?.files)
  }
  const over = (/** @type {DragEvent} */ event) => {
    event.preventDefault()
    setIsDropping(true)
  }
  return html`<div class="sources">
    <section class="source card" aria-labelledby="from-text">
      <h2 id="from-text">A file or a text</h2>
      <label
        class="drop-zone"
        data-dropping=${isDropping ? '' : undefined}
        onDragOver=${over}
        onDragLeave=${() => setIsDropping(false)}
        onDrop=${drop}
      >
        <${Icon} name="upload" />
        <span>Drop a file here, or <u>choose one</u></span>
        <input
          type="file"
          class="visually-hidden"
          accept=".yaml,.yml,.json"
          onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => take(event.currentTarget.files)}
        />
      </label>
      <${Field} label="Text of a document" kind="lines" value=${text} onInput=${setText} isCode
        hint="The connector keeps it for a day." />
      <button type="button" class="button" disabled=${text.trim() === ''} onClick=${() => keep(text)}>
        Open the text
      </button>
      ${problem && html`<${ProblemNotice} problem=${problem} />`}
    </section>
    <section class="source card" aria-labelledby="from-sample">
      <h2 id="from-sample">A sample</h2>
      <ul>
        ${SAMPLES.map(
          ({ name, about }) => html`<li key=${name}>
            <button type="button" class="sample" onClick=${() => onSample(`sample:${name}`)}>
              <code>sample:${name}</code>
              <span class="quiet">${about}</span>
            </button>
          </li>`
        )}
      </ul>
      <p class="hint">The samples have no API behind them: they answer from their examples.</p>
    </section>
  </div>`
}
