import { html } from 'htm/preact'

import { CONFIGURATION_GROUPS } from '../configuration-help.js'
import { Field, SelectField } from '../parts/field.js'

/** @import { Values } from '../configuration.js' */

/**
 * The configuration values beside the Schema URL, with what each is for.
 *
 * @param {{ values: Values, onChange: (name: string, value: string) => void }} props
 */
export function ConfigurationForm({ values, onChange }) {
  return html`<div class="configuration">
    ${CONFIGURATION_GROUPS.map(
      ({ title, fields }) => html`<fieldset key=${title}>
        <legend>${title}</legend>
        ${fields.map(field => html`<${ConfigurationField} key=${field.name} field=${field} values=${values} onChange=${onChange} />`)}
      </fieldset>`
    )}
  </div>`
}

/**
 * @param {{
 *   field: import('../configuration-help.js').ConfigurationGroup['fields'][number],
 *   values: Values,
 *   onChange: (name: string, value: string) => void
 * }} props
 */
function ConfigurationField({ field, values, onChange }) {
  const { name, hint, kind = 'text', options = [] } = field
  const value = values[name] ?? ''
  const change = (/** @type {string} */ next) => onChange(name, next)
  if (kind === 'choice') {
    const usual = options[0] ?? ''
    const texts = [['', `${usual} (default)`], ...options.slice(1).map(each => [each, each])]
    return html`<${SelectField} label=${name} value=${value === usual ? '' : value} options=${texts} onChange=${change} hint=${hint} />`
  }
  return html`<${Field} label=${name} value=${value} kind=${kind} onInput=${change} hint=${hint} isCode=${kind !== 'password'} />`
}
