import { html } from 'htm/preact'

/**
 * A text of the service, in which backticks enclose code.
 *
 * @param {{ text: string }} props
 */
export function InlineCode({ text }) {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 1 ? html`<code key=${index}>${part}</code>` : part))
}
