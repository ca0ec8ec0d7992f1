import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { Icon } from '../parts/icon.js'
import { ProblemNotice } from '../parts/notice.js'
import { problemOf } from '../problem.js'
import { service } from '../service-client.js'

/** @import { ShownProblem } from '../problem.js' */

/**
 * Takes a document that has no address: a file that is dropped or chosen, or a text that is pasted.
 *
 * @param {{ onKept: (schemaUrl: string) => void }} props
 */
export function DocumentDrop({ onKept }) {
  const [problem, setProblem] = useState(/** @type {ShownProblem | null} */ (null))
  const [isOver, setOver] = useState(false)
  const [text, setText] = useState('')
  const keep = async (/** @type {string} */ given) => {
    setProblem(null)
    try {
      onKept(await service.keep(given))
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  const take = async (/** @type {File | undefined} */ file) => {
    if (file !== undefined) await keep(await file.text())
  }
  const onDrop = (/** @type {DragEvent} */ event) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer?.files[0])
  }
  return html`<section class="drop" aria-label="A document without an address">
    <label
      class="drop-zone"
      data-over=${isOver ? '' : undefined}
      onDragOver=${(/** @type {DragEvent} */ event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave=${() => setOver(false)}
      onDrop=${onDrop}
    >
      <${Icon} name="upload" />
      <span><strong>Drop a file</strong> or choose one: YAML or JSON</span>
      <input
        type="file"
        class="visually-hidden"
        accept=".yaml,.yml,.json,application/yaml,application/json"
        onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ event) => take(event.currentTarget.files?.[0])}
      />
    </label>
    <details class="paste">
      <summary>Paste its text</summary>
      <textarea
        class="input code"
        rows="6"
        aria-label="Text of a document"
        spellcheck=${false}
        value=${text}
        onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ event) => setText(event.currentTarget.value)}
      />
      <button type="button" class="button" disabled=${text.trim() === ''} onClick=${() => keep(text)}>
        Open the text
      </button>
    </details>
    <p class="hint">The connector keeps the text for a day, for trying.</p>
    ${problem && html`<${ProblemNotice} problem=${problem} />`}
  </section>`
}
