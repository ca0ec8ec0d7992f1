import { html } from 'htm/preact'
import { useId } from 'preact/hooks'

/**
 * A choice of one of a few, all of them in sight.
 *
 * @param {{
 *   label: string,
 *   value: string,
 *   options: readonly (readonly [value: string, text: string])[],
 *   onChange: (value: string) => void,
 *   isLabelHidden?: boolean
 * }} props A hidden label is for screen readers alone.
 */
export function Segments({ label, value, options, onChange, isLabelHidden = false }) {
  const name = useId()
  return html`<fieldset class="segments">
    <legend class=${isLabelHidden ? 'visually-hidden' : undefined}>${label}</legend>
    <div class="segments-row">
      ${options.map(
        ([key, text]) => html`<label key=${key} class="segment">
          <input type="radio" name=${name} checked=${key === value} onChange=${() => onChange(key)} />
          <span>${text}</span>
        </label>`
      )}
    </div>
  </fieldset>`
}
