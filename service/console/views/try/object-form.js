import { html } from 'htm/preact'
import { useMemo } from 'preact/hooks'

import { Field } from '../../parts/field.js'
import { useFirstRows } from '../../parts/show-more.js'
import { isScalar } from './trial.js'

/** @import { TypeElement } from '../../../protocol/schemas.ts' */
/** @import { TryForm, Verb } from './trial.js' */

/** Properties that are shown at once. */
const STEP = 24

/** What a value of a content type looks like (docs/protocol.md#values). */
/** @type {Readonly<Record<string, string>>} */
const PLACEHOLDERS = {
  ContentNumber: '0',
  ContentBoolean: 'true or false',
  ContentDateTime: '2026-01-31T12:00:00Z'
}

/**
 * The id and the properties of one object, as far as the verb takes them.
 *
 * @param {{
 *   verb: Verb,
 *   type: TypeElement,
 *   form: TryForm,
 *   onChange: (change: Partial<TryForm>) => void
 * }} props
 */
export function ObjectForm({ verb, type, form, onChange }) {
  const scalars = useMemo(() => type.properties.filter(isScalar), [type])
  const [shown, more] = useFirstRows(scalars, STEP)
  const nested = type.properties.length - scalars.length
  const takesValues = verb === 'save' || verb === 'update'
  return html`<div class="object-form">
    ${
      verb !== 'save' &&
      html`<${Field}
        label="External id"
        value=${form.id}
        onInput=${(/** @type {string} */ id) => onChange({ id })}
        hint="The id by which the flow knows the object."
        isCode
        required
      />`
    }
    ${
      takesValues &&
      html`<div class="property-grid">
          ${shown.map(
            ({ developerName, contentType }) => html`<${Field}
              key=${developerName}
              label=${developerName}
              kind=${contentType === 'ContentPassword' ? 'password' : 'text'}
              value=${form.fields[developerName] ?? ''}
              placeholder=${PLACEHOLDERS[contentType]}
              onInput=${(/** @type {string} */ value) => onChange({ fields: { ...form.fields, [developerName]: value } })}
            />`
          )}
        </div>
        ${more}
        <p class="hint">
          Only what is filled in is sent.
          ${nested > 0 && ` ${nested === 1 ? 'One property holds' : `${nested} properties hold`} objects, which are left out.`}
        </p>`
    }
  </div>`
}
