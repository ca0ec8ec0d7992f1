import { html } from 'htm/preact'

/**
 * A short word about what it stands beside.
 *
 * @param {{
 *   tone?: 'neutral' | 'accent' | 'error' | 'warning' | 'info' | 'success',
 *   title?: string,
 *   children: import('preact').ComponentChildren
 * }} props
 */
export function Badge({ tone = 'neutral', title, children }) {
  return html`<span class="badge" data-tone=${tone} title=${title}>${children}</span>`
}

/**
 * The method of an endpoint.
 *
 * @param {{ name: string }} props
 */
export function Method({ name }) {
  return html`<span class="method" data-method=${name.toUpperCase()}>${name.toUpperCase()}</span>`
}
