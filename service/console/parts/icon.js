import { html } from 'htm/preact'

/**
 * Outlines on a grid of 16, in the colour of the text.
 *
 * @satisfies {Record<string, string>}
 */
const PATHS = {
  start: 'M2.5 7.5 8 3l5.5 4.5M4 6.5V13h3V9.5h2V13h3V6.5',
  types: 'M2.5 3.5h4v3h-4zM9.5 9.5h4v3h-4zM4.5 6.5V11h5',
  document: 'M4 2h5.5L12.5 5v9H4zM9.5 2v3h3M6 8h4.5M6 10.5h4.5',
  try: 'M4.5 3v10l8-5z',
  suggest:
    'M8 2v2.5M8 11.5V14M2 8h2.5M11.5 8H14M4 4l1.6 1.6M10.4 10.4 12 12M12 4l-1.6 1.6M5.6 10.4 4 12',
  compare: 'M5 2.5v11M5 13.5l-2-2M5 13.5l2-2M11 13.5v-11M11 2.5l-2 2M11 2.5l2 2',
  catalog: 'M3 2.5h10v11H3zM3 6h10M3 9.75h10M6.5 6v7.5',
  install: 'M8 2.5v7M5.25 7 8 9.75 10.75 7M2.5 11v2.5h11V11',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.25 10.25 13.5 13.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  check: 'M3 8.5 6.5 12 13 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  error: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5M8 4.75V8.5M8 11v.25',
  warning: 'M8 2.25 14.25 13.5H1.75zM8 6.5v3M8 11.5v.25',
  info: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5M8 7.5v3.75M8 4.75V5',
  chevron: 'M6 4l4 4-4 4',
  reload: 'M13 8a5 5 0 1 1-1.5-3.5M11.75 2v2.75H9',
  upload: 'M8 10V3M5.25 5.5 8 2.75l2.75 2.75M2.5 11v2.5h11V11',
  external: 'M9 3h4v4M13 3 7.5 8.5M11.5 9.5V13H3V4.5h3.5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10'
}

/** @typedef {keyof typeof PATHS} IconName */

/**
 * A sign beside a text that says the same.
 *
 * @param {{ name: IconName }} props
 */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path d=${PATHS[name]} />
  </svg>`
}
