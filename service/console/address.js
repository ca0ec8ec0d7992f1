import { ADDRESS_NAMES, hasSecret, standsInAddress } from './configuration.js'

/** @import { Values } from './configuration.js' */

/**
 * What a view shows of its item, by names of its own. A name may come several times.
 *
 * @typedef {readonly (readonly [name: string, value: string])[]} Details
 */

/**
 * What the page shows, as it stands in the fragment of its URL: `#/types/Pet?doc=sample%3Apetstore`.
 *
 * @typedef {{
 *   view: string,
 *   item: string | null,
 *   values: Values,
 *   details: Details
 * }} Address
 */

/** Longer details stay in the tab, as a whole: a part of a filter would show something else. In characters. */
const DETAILS_MAX = 2_000

const NAMES = Object.fromEntries(Object.entries(ADDRESS_NAMES).map(([name, key]) => [key, name]))

/**
 * @param {string} fragment With its `#`; blank for the start.
 * @returns {Address}
 */
export function parseAddress(fragment) {
  const [path = '', query = ''] = split(fragment.replace(/^#?\/?/, ''), '?')
  const [view = '', item = ''] = split(path, '/')
  const parameters = [...new URLSearchParams(query)]
  const known = parameters.filter(([key]) => Object.hasOwn(NAMES, key))
  return {
    view: view === '' ? 'start' : view,
    item: item === '' ? null : decoded(item),
    values: Object.fromEntries(known.map(([key, value]) => [NAMES[key], value])),
    details: bounded(parameters.filter(([key]) => !Object.hasOwn(NAMES, key)))
  }
}

/**
 * The fragment of an address. Secrets never stand in it: neither a value nor an item with one is named.
 *
 * @param {Address} address
 * @returns {string}
 */
export function formatAddress({ view, item, values, details }) {
  const path = item === null || hasSecret(item) ? view : `${view}/${encodeURIComponent(item)}`
  const shown = Object.entries(values).filter(([name, value]) => standsInAddress(name, value))
  const query = new URLSearchParams([
    ...shown.map(([name, value]) => [ADDRESS_NAMES[name] ?? name, value]),
    ...bounded(details).map(([name, value]) => [name, value])
  ])
  return query.size === 0 ? `#/${path}` : `#/${path}?${query}`
}

/** @param {Details} details @returns {Details} */
function bounded(details) {
  const length = details.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  return length <= DETAILS_MAX ? details : []
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
