import { html } from 'htm/preact'
import { useMemo, useState } from 'preact/hooks'

import { findingOf, marksOf } from '../document/findings.js'
import { FindingsPanel } from '../document/findings-panel.js'
import { placeOf, typeAt } from '../document/places.js'
import { CodeEditor } from '../editor/code-editor.js'
import { xFlowHelp } from '../editor/x-flow-help.js'
import { useDocumentAnswer } from '../hooks/use-document-answer.js'
import { useStore } from '../hooks/use-store.js'
import { lastValue } from '../loadable.js'
import { Awaited } from '../parts/awaited.js'
import { Icon } from '../parts/icon.js'
import { ProblemNotice } from '../parts/notice.js'
import { problemOf } from '../problem.js'
import { service } from '../service-client.js'
import { configure, linkTo, workbench } from '../workbench.js'

/** @import { Finding } from '../document/findings.js' */
/** @import { Place } from '../document/places.js' */
/** @import { ShownProblem } from '../problem.js' */
/** @import { TextsAnswer } from '../../protocol/type-schemas.ts' */

/** The editor shows no longer lines: those of a document that was written without line breaks. */
const LINE_MAX = 100_000

/** @type {readonly Finding[]} */
const NO_FINDINGS = []

/** @type {ReturnType<typeof service.getJson> | undefined} */
let schema

const HELP = xFlowHelp(() => (schema ??= readSchema()))

async function readSchema() {
  try {
    return await service.getJson('schemas/x-flow.json')
  } catch (error) {
    schema = undefined
    throw error
  }
}

/** The text of the document, with what the connector says about it. */
export function DocumentView() {
  const [texts, again] = useDocumentAnswer(service.texts)
  return html`<h1 class="visually-hidden" tabindex="-1">Document</h1>
    <${Awaited} of=${texts} what="the document" again=${again}>
      ${(/** @type {TextsAnswer} */ value) => html`<${Documents} answer=${value} />`}
    <//>`
}

/** @param {{ answer: TextsAnswer }} props */
function Documents({ answer }) {
  const item = useStore(workbench, ({ address }) => address.item)
  const preview = useStore(workbench, state => state.preview)
  const { problem } = answer
  const findings = useMemo(
    () =>
      problem === null ? (lastValue(preview)?.diagnostics ?? NO_FINDINGS) : [findingOf(problem)],
    [problem, preview]
  )
  const [last, setChosen] = useState(
    /** @type {(Place & { item: string | null, count: number }) | null} */ (null)
  )
  const [line, setLine] = useState(1)
  const named = useMemo(() => placeOf(item, answer), [item, answer])
  // What was chosen counts until the address names another item, or the text is gone.
  const isThere = last?.item === item && answer.texts.some(each => each.file === last.file)
  const chosen = isThere ? last : null
  const place = chosen ?? named
  const file = place?.file ?? answer.texts[0]?.file ?? ''
  const text = answer.texts.find(each => each.file === file)?.text ?? ''
  const marks = useMemo(() => marksOf(findings, file), [findings, file])
  const show = (/** @type {Place} */ to) =>
    setChosen({ ...to, item, count: (last?.count ?? 0) + 1 })
  const onChoose = (/** @type {Finding} */ finding) =>
    show({ file: finding.file, line: finding.line ?? 1 })
  const type = typeAt(answer, { file, line })
  return html`<div class="document">
    <section class="document-text card" aria-label="Text">
      <div class="document-head">
        ${
          answer.texts.length > 1
            ? html`<select
                class="input file-select"
                aria-label="Text"
                value=${file}
                onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ event) =>
                  show({ file: event.currentTarget.value, line: 1 })}
              >
                ${answer.texts.map(each => html`<option key=${each.file} value=${each.file}>${each.file}</option>`)}
              </select>`
            : html`<code class="truncate">${file}</code>`
        }
        ${
          type !== null &&
          html`<a class="document-type truncate" href=${linkTo('types', type)}>
            <${Icon} name="types" /><span class="truncate">${type}</span>
          </a>`
        }
      </div>
      <${Text}
        key=${file}
        file=${file}
        text=${text}
        isRoot=${file === answer.texts[0]?.file}
        marks=${marks}
        place=${place && { line: place.line, key: `${item} ${chosen?.count ?? 0} ${place.line}` }}
        onCursor=${setLine}
      />
    </section>
    <section class="document-findings" aria-label="Findings">
      <h2>Findings</h2>
      <${FindingsPanel} findings=${findings} file=${file} onChoose=${onChoose} />
    </section>
  </div>`
}

/**
 * @param {{
 *   file: string,
 *   text: string,
 *   isRoot: boolean,
 *   marks: readonly import('../editor/code-editor.js').Mark[],
 *   place: { line: number, key: string } | null,
 *   onCursor: (line: number) => void
 * }} props
 */
function Text({ file, text, isRoot, marks, place, onCursor }) {
  const values = useStore(workbench, state => state.values)
  const [changed, setChanged] = useState(/** @type {{ read: () => string } | null} */ (null))
  const [problem, setProblem] = useState(/** @type {ShownProblem | null} */ (null))
  const isLong = useMemo(() => hasLongLine(text), [text])
  if (isLong) {
    return html`<p class="document-note quiet">
      The text has lines of more than ${LINE_MAX.toLocaleString('en')} characters, which the editor does not show. The
      findings name the line and the pointer.
    </p>`
  }
  const tryText = async () => {
    try {
      const location = await service.keep(changed?.read() ?? text)
      configure({ ...values, 'Schema URL': location }, 'document')
    } catch (error) {
      setProblem(problemOf(error))
    }
  }
  return html`${
    changed !== null &&
    html`<div class="document-changed">
        <span>Changed here only. ${isRoot ? 'Try it as a document that is kept for a day.' : ''}</span>
        ${
          isRoot &&
          html`<button type="button" class="button primary" onClick=${tryText}>Use this text</button>`
        }
      </div>`
  }
    ${problem && html`<${ProblemNotice} problem=${problem} />`}
    <${CodeEditor}
      label="Text of ${file}"
      text=${text}
      marks=${marks}
      place=${place}
      onChange=${(/** @type {boolean} */ isChanged, /** @type {() => string} */ read) =>
        setChanged(isChanged ? { read } : null)}
      onCursor=${onCursor}
      help=${HELP}
    />`
}

/** @param {string} text */
function hasLongLine(text) {
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at)
    if ((end === -1 ? text.length : end) - at > LINE_MAX) return true
    if (end === -1) return false
    at = end + 1
  }
  return false
}
