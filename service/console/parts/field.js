import { html } from 'htm/preact'
import { useId } from 'preact/hooks'

/**
 * A labelled input, with a hint below it.
 *
 * @param {{
 *   label: string,
 *   value: string,
 *   onInput: (value: string) => void,
 *   hint?: import('preact').ComponentChildren,
 *   kind?: 'text' | 'password' | 'lines' | 'secret lines',
 *   placeholder?: string,
 *   required?: boolean,
 *   isCode?: boolean,
 *   fault?: string
 * }} props
 */
export function Field(props) {
  const { label, value, onInput, hint, kind = 'text', placeholder, required, isCode, fault } = props
  const id = useId()
  const common = {
    id,
    value,
    placeholder,
    'aria-required': required,
    'aria-invalid': fault ? 'true' : undefined,
    'aria-describedby': hint || fault ? `${id}-hint` : undefined,
    class: `input${isCode ? ' code' : ''}${kind === 'secret lines' ? ' masked' : ''}`,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: false,
    onInput: (/** @type {{ currentTarget: HTMLInputElement }} */ event) =>
      onInput(event.currentTarget.value)
  }
  return html`<div class="field">
    <label for=${id}>${label}</label>
    ${
      kind.endsWith('lines')
        ? html`<textarea rows="2" ...${common} />`
        : html`<input type=${kind} ...${common} />`
    }
    ${
      (fault || hint) &&
      html`<p class="hint" id="${id}-hint" data-fault=${fault ? '' : undefined}>${fault || hint}</p>`
    }
  </div>`
}

/**
 * A labelled choice of one.
 *
 * @param {{
 *   label: string,
 *   value: string,
 *   options: readonly (readonly [value: string, text: string])[],
 *   onChange: (value: string) => void,
 *   hint?: import('preact').ComponentChildren
 * }} props
 */
export function SelectField({ label, value, options, onChange, hint }) {
  const id = useId()
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <select
      id=${id}
      class="input"
      value=${value}
      aria-describedby=${hint ? `${id}-hint` : undefined}
      onChange=${(/** @type {{ currentTarget: HTMLSelectElement }} */ event) => onChange(event.currentTarget.value)}
    >
      ${options.map(([key, text]) => html`<option key=${key} value=${key}>${text}</option>`)}
    </select>
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`
}
