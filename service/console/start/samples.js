import { html } from 'htm/preact'

/**
 * Bundled documents to begin with, by their Schema URL.
 *
 * @type {readonly (readonly [url: string, title: string, text: string])[]}
 */
const SAMPLES = [
  ['sample:petstore', 'Petstore', 'One type with load, query, save, update and delete'],
  ['sample:helpdesk', 'Help desk', 'Tickets, customers and comments: the API of the demo'],
  ['sample:no-markup', 'Plain document', 'No keys at all: types and mappings are inferred'],
  ['sample:weather', 'Weather', 'Answered from examples, without an API'],
  ['sample:apis/github', 'GitHub', 'Ids of three parts, pages by Link, OAuth 2.0'],
  ['sample:apis/stripe', 'Stripe', 'Form bodies, lists behind the last id']
]

/** @param {{ onOpen: (schemaUrl: string) => void }} props */
export function Samples({ onOpen }) {
  return html`<section class="samples" aria-labelledby="samples-title">
    <h2 id="samples-title">Or begin with a sample</h2>
    <ul class="sample-list">
      ${SAMPLES.map(
        ([url, title, text]) => html`<li key=${url}>
          <button type="button" class="card sample" onClick=${() => onOpen(url)}>
            <strong>${title}</strong>
            <span class="quiet">${text}</span>
          </button>
        </li>`
      )}
    </ul>
  </section>`
}
