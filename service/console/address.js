import { ADDRESS_NAMES, standsInAddress } from './configuration.js'

/** @import { Values } from './configuration.js' */

/**
 * What the page shows, as it stands in the fragment of its URL: `#/types/Pet?doc=sample%3Apetstore`.
 *
 * @typedef {{
 *   view: string,
 *   item: string | null,
 *   values: Values
 * }} Address
 */

const NAMES = Object.fromEntries(Object.entries(ADDRESS_NAMES).map(([name, key]) => [key, name]))

/**
 * @param {string} fragment With its `#`; blank for the start.
 * @returns {Address}
 */
export function parseAddress(fragment) {
  const [path = '', query = ''] = split(fragment.replace(/^#?\/?/, ''), '?')
  const [view = '', item = ''] = split(path, '/')
  const known = [...new URLSearchParams(query)].filter(([key]) => Object.hasOwn(NAMES, key))
  return {
    view: view === '' ? 'start' : view,
    item: item === '' ? null : decoded(item),
    values: Object.fromEntries(known.map(([key, value]) => [NAMES[key], value]))
  }
}

/**
 * The fragment of an address. Secrets never stand in it.
 *
 * @param {Address} address
 * @returns {string}
 */
export function formatAddress({ view, item, values }) {
  const path = item === null ? view : `${view}/${encodeURIComponent(item)}`
  const shown = Object.entries(values).filter(([name, value]) => standsInAddress(name, value))
  const query = new URLSearchParams(
    shown.map(([name, value]) => [ADDRESS_NAMES[name] ?? name, value])
  )
  return shown.length === 0 ? `#/${path}` : `#/${path}?${query}`
}

/**
 * @param {string} text
 * @param {string} sign
 */
function split(text, sign) {
  const at = text.indexOf(sign)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
