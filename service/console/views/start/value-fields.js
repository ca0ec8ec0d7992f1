import { html } from 'htm/preact'

import { useAnswer } from '../../hooks/use-answer.js'
import { Awaited } from '../../parts/awaited.js'
import { Badge } from '../../parts/badge.js'
import { Field, SelectField } from '../../parts/field.js'
import { service } from '../../service-client.js'
import { VALUE_GROUPS } from './value-help.js'

/** @import { DescribeServiceResponse } from '../../../protocol/schemas.ts' */
/** @import { Values } from '../../configuration.js' */
/** @typedef {DescribeServiceResponse['configurationValues']} Asked */

/**
 * The configuration values beside the Schema URL, as the connector asks the platform for them.
 *
 * @param {{ values: Values, onChange: (name: string, value: string) => void }} props
 */
export function ValueFields({ values, onChange }) {
  const [answer, again] = useAnswer(service.configurationValues, [])
  return html`<${Awaited} of=${answer} what="the configuration values" again=${again}>
    ${(/** @type {Asked} */ asked) =>
      VALUE_GROUPS.map(
        (group, index) => html`<${Group}
          key=${group.title}
          group=${group}
          asked=${asked.filter(({ developerName }) => developerName in group.values)}
          isOpen=${index === 0}
          values=${values}
          onChange=${onChange}
        />`
      )}
  <//>`
}

/**
 * @param {{
 *   group: typeof VALUE_GROUPS[number],
 *   asked: Asked,
 *   isOpen: boolean,
 *   values: Values,
 *   onChange: (name: string, value: string) => void
 * }} props
 */
function Group({ group, asked, isOpen, values, onChange }) {
  const given = asked.filter(({ developerName }) => values[developerName]).length
  return html`<details class="value-group card" open=${isOpen || given > 0}>
    <summary>
      ${group.title}
      ${given > 0 && html`<${Badge} tone="accent">${given} given<//>`}
    </summary>
    <div class="value-fields">
      ${asked.map(({ developerName: name, contentType }) => {
        const { hint, kind, options } = group.values[name] ?? { hint: '' }
        const common = { key: name, label: name, value: values[name] ?? '', hint }
        const change = (/** @type {string} */ value) => onChange(name, value)
        return options === undefined
          ? html`<${Field}
              ...${common}
              kind=${contentType === 'ContentPassword' ? 'password' : (kind ?? 'text')}
              onInput=${change}
              isCode=${kind === 'lines'}
            />`
          : html`<${SelectField} ...${common} options=${options} onChange=${change} />`
      })}
    </div>
  </details>`
}
