import { closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { foldGutter, foldKeymap, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers
} from '@codemirror/view'
import { classHighlighter } from '@lezer/highlight'
import { html } from 'htm/preact'
import { useEffect, useRef } from 'preact/hooks'

/** @import { Extension } from '@codemirror/state' */

/**
 * Something to say about a line. Lines and columns count from 1.
 *
 * @typedef {{ severity: 'error' | 'warning' | 'info', message: string, line: number, column: number }} Mark
 */

/**
 * An editor of YAML and JSON. It keeps its text until `text` is another.
 *
 * @param {{
 *   label: string,
 *   text: string,
 *   marks: readonly Mark[],
 *   place: { line: number, key: string } | null,
 *   onChange: (isChanged: boolean, read: () => string) => void,
 *   onCursor: (line: number) => void,
 *   help: Extension
 * }} props `place` is shown, and again when its `key` is another.
 */
export function CodeEditor({ label, text, marks, place, onChange, onCursor, help }) {
  const room = useRef(/** @type {HTMLDivElement | null} */ (null))
  const shown = useRef(/** @type {EditorView | null} */ (null))

  useEffect(() => {
    const state = EditorState.create({
      doc: text,
      extensions: [
        nonceOfPage(),
        lineNumbers(),
        foldGutter(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        indentOnInput(),
        closeBrackets(),
        search({ top: true }),
        yaml(),
        syntaxHighlighting(classHighlighter),
        help,
        keymap.of([
          ...completionKeymap,
          ...searchKeymap,
          ...lintKeymap,
          ...foldKeymap,
          ...historyKeymap,
          ...defaultKeymap
        ]),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of(({ docChanged, selectionSet, state: now }) => {
          if (docChanged) onChange(!now.doc.eq(state.doc), () => now.doc.toString())
          if (selectionSet) onCursor(now.doc.lineAt(now.selection.main.head).number)
        })
      ]
    })
    const view = new EditorView({ state, parent: room.current ?? document.body })
    shown.current = view
    return () => view.destroy()
  }, [text])

  useEffect(() => {
    const view = shown.current
    if (view !== null)
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.map(mark => diagnosticOf(view, mark))
        )
      )
  }, [text, marks])

  useEffect(() => {
    const view = shown.current
    if (view === null || place === null) return
    const { from } = view.state.doc.line(Math.min(place.line, view.state.doc.lines))
    view.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: 'center' })
    })
  }, [text, place?.key])

  return html`<div class="code-editor" ref=${room} />`
}

/** The style that the editor writes needs the nonce of the page. */
function nonceOfPage() {
  const script = /** @type {HTMLScriptElement | null} */ (document.querySelector('script[nonce]'))
  return EditorView.cspNonce.of(script?.nonce ?? '')
}

/** @param {EditorView} view @param {Mark} mark */
function diagnosticOf({ state: { doc } }, { severity, message, line, column }) {
  const { from, to, text } = doc.line(Math.min(line, doc.lines))
  const start = Math.min(from + column - 1, to)
  const [word = ''] = /^(?:[\w$-]+|"[^"]*"|\S)/.exec(text.slice(start - from)) ?? []
  return { from: start, to: start + word.length, severity, message }
}
