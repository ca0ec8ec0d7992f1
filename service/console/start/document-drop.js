import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { Icon } from '../parts/icon.js'
import { ProblemNotice } from '../parts/notice.js'
import { problemOf } from '../problem.js'
import { service } from '../service-client.js'

/** @import { ShownProblem } from '../problem.js' */

/** A larger file is not read: no connector takes that much. */
const FILE_MAX_BYTES = 128 * 1024 * 1024

/** @type {ShownProblem} */
const TOO_LARGE = {
  message: 'The file is too large for a document.',
  remedy: 'Choose the file of an OpenAPI document, or remove parts that flows do not need.',
  code: null,
  requestId: null
}

/**
 * Takes a document that has no address: a file that is dropped or chosen, or a text that is pasted.
 *
 * @param {{ onKept: (schemaUrl: string) => void }} props
 */
export function DocumentDrop({ onKept }) {
  const [problem, setProblem] = useState(/** @type {ShownProblem | null} */ (null))
  const [isOver, setOver] = useState(false)
  const [text, setText] = useState('')
  const keep = async (/** @type {() => string | Promise<string>} */ read) => {
    setProblem(null)
    try {
      onKept(await service.keep(await read()))
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  const take = async (/** @type {File | undefined} */ file) => {
    if (file === undefined) return
    if (file.size > FILE_MAX_BYTES) return setProblem(TOO_LARGE)
    await keep(() => file.text())
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
        onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) => {
          take(currentTarget.files?.[0])
          // The same file, corrected, can be chosen again.
          currentTarget.value = ''
        }}
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
      <button type="button" class="button" disabled=${text.trim() === ''} onClick=${() => keep(() => text)}>
        Open the text
      </button>
    </details>
    <p class="hint">The connector keeps the text for a day, for trying.</p>
    ${problem && html`<${ProblemNotice} problem=${problem} />`}
  </section>`
}
