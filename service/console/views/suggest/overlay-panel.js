import { html } from 'htm/preact'
import { useState } from 'preact/hooks'

import { CopyButton } from '../../parts/copy-button.js'
import { Icon } from '../../parts/icon.js'
import { Notice, ProblemNotice } from '../../parts/notice.js'
import { problemOf } from '../../problem.js'
import { service } from '../../service-client.js'
import { configure, linkTo, workbench } from '../../workbench.js'

/** Lines that are drawn: a longer overlay is better read in an editor. */
const LINES_MAX = 1_500

/** Overlays that this page has put into use. They add what is proposed here, so it would not be proposed again. */
const used = new Set()

/**
 * The configuration values without the overlays of this view.
 *
 * @param {import('../../configuration.js').Values} values
 */
export function withoutUsed(values) {
  const { 'Overlay URL': overlay = '', ...rest } = values
  const others = overlay.split('\n').filter(line => !used.has(line.trim()))
  return others.join('\n').trim() === '' ? rest : { ...rest, 'Overlay URL': others.join('\n') }
}

/**
 * The overlay as it stands, to copy, to download, or to put into use.
 *
 * @param {{ text: string, isEmpty: boolean }} props
 */
export function OverlayPanel({ text, isEmpty }) {
  const [state, setState] = useState(
    /** @type {{ is: 'idle' | 'busy' } | { is: 'used', text: string } | { is: 'failed', problem: import('../../problem.js').ShownProblem }} */ ({
      is: 'idle'
    })
  )
  const lines = text.split('\n')
  const use = async () => {
    setState({ is: 'busy' })
    try {
      const location = await service.keep(text)
      const values = withoutUsed(workbench.get().values)
      used.add(location)
      const before = values['Overlay URL'] === undefined ? '' : `${values['Overlay URL']}\n`
      configure({ ...values, 'Overlay URL': `${before}${location}` })
      setState({ is: 'used', text })
    } catch (error) {
      setState({ is: 'failed', problem: problemOf(error) })
    }
  }
  const isUsed = state.is === 'used' && state.text === text
  return html`<section class="overlay-panel card" aria-label="Overlay">
    <header class="overlay-head">
      <h2>Overlay</h2>
      <div class="actions">
        <${CopyButton} text=${text} />
        <button type="button" class="button" onClick=${() => download(text)}>
          <${Icon} name="install" />Download
        </button>
        <button type="button" class="button primary" disabled=${isEmpty || isUsed || state.is === 'busy'} onClick=${use}>
          ${isUsed ? 'In use' : 'Use it'}
        </button>
      </div>
    </header>
    ${
      isUsed &&
      html`<${Notice} tone="success" title="The document is read with this overlay">
        <p>It stands in the configuration value <code>Overlay URL</code> for a day. Publish the text at an address of its own before flows rely on it.</p>
        <div class="notice-foot"><a class="button" href=${linkTo('types')}>See the types</a><a class="button" href=${linkTo('try')}>Try them</a></div>
      <//>`
    }
    ${state.is === 'failed' && html`<${ProblemNotice} problem=${state.problem} again=${use} />`}
    <pre class="overlay-text" tabindex="0" role="region" aria-label="Text of the overlay"><code>${lines.slice(0, LINES_MAX).join('\n')}</code></pre>
    ${lines.length > LINES_MAX && html`<p class="hint">The first ${LINES_MAX.toLocaleString('en')} of ${lines.length.toLocaleString('en')} lines. Download it to see all.</p>`}
  </section>`
}

/** @param {string} text */
function download(text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/yaml' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'overlay.yaml'
  link.click()
  URL.revokeObjectURL(url)
}
