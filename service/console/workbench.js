import { formatAddress, parseAddress } from './address.js'
import {
  cleanValues,
  hasSecret,
  sameValues,
  schemaUrlOf,
  standsInAddress
} from './configuration.js'
import { IDLE, loadingAfter } from './loadable.js'
import { problemOf } from './problem.js'
import { service } from './service-client.js'
import { createStore } from './store.js'

/** @import { Address, Details } from './address.js' */
/** @import { Values } from './configuration.js' */
/** @import { Loadable } from './loadable.js' */
/** @import { PreviewResponse } from '../protocol/schemas.ts' */

/**
 * @typedef {{
 *   address: Address,
 *   values: Values,
 *   preview: Loadable<PreviewResponse>
 * }} Workbench
 */

/**
 * The state that views share: what is shown, the configuration values with their secrets, and the preview of them.
 * It ends with the tab.
 */
export const workbench = createStore(
  /** @type {Workbench} */ ({ address: parseAddress(''), values: {}, preview: IDLE })
)

/** The fragment that the page shows: another one has been set, and is about to be followed. */
let followed = ''

/** Follows the address of the page, from now on. */
export function followAddress() {
  const read = () => {
    followed = location.hash
    const address = parseAddress(location.hash)
    const item = address.item ?? withheldItems.get(viewKeyOf(address)) ?? null
    workbench.set({ address: { ...address, item } })
    applyValues({ ...withheld.get(keyOf(address.values)), ...address.values })
  }
  addEventListener('hashchange', read)
  read()
}

/**
 * Shows a view, or an item of it, of the same document.
 *
 * @param {string} view
 * @param {string | null} [item]
 * @param {boolean} [isStep] One of many on the way to another, which is no new entry of the history.
 */
export function showView(view, item = null, isStep = false) {
  goTo({ view, item, values: workbench.get().values, details: [] }, isStep)
}

/** @param {Address} address @param {boolean} [isStep] */
function goTo(address, isStep = false) {
  withhold(address)
  workbench.set({ address })
  if (isStep) replaceFragment(formatAddress(address))
  else location.hash = formatAddress(address)
}

/** @param {string} fragment */
function replaceFragment(fragment) {
  history.replaceState(history.state, '', fragment)
  followed = location.hash
}

/**
 * The address of a view of the same document, for links.
 *
 * @param {string} view
 * @param {string | null} [item]
 */
export function linkTo(view, item = null) {
  return formatAddress({ view, item, values: workbench.get().values, details: [] })
}

/**
 * Has the address tell the details of what is shown. That is no new entry of the history.
 *
 * @param {string} item Of the view that is shown.
 * @param {Details} details
 */
export function tellDetails(item, details) {
  if (location.hash !== followed) return
  const { address, values } = workbench.get()
  replaceFragment(formatAddress({ view: address.view, item, values, details }))
}

/**
 * Configures the connector anew and shows a view.
 *
 * @param {Values} given
 * @param {string} [view] Default: the one that is shown.
 * @param {string | null} [item]
 */
export function configure(given, view = workbench.get().address.view, item = null) {
  const values = cleanValues(given)
  goTo({ view, item, values, details: [] })
  applyValues(values)
}

/** @type {AbortController | undefined} */
let reading

/** Asks for the preview again: the connector then looks whether there is a new version of the document. */
export async function reloadPreview() {
  reading?.abort()
  const { values, preview } = workbench.get()
  if (schemaUrlOf(values) === '') {
    workbench.set({ preview: IDLE })
    return
  }
  const controller = new AbortController()
  reading = controller
  workbench.set({ preview: loadingAfter(preview) })
  try {
    const value = await service.preview(values, controller.signal)
    if (!controller.signal.aborted) workbench.set({ preview: { status: 'ready', value } })
  } catch (error) {
    if (controller.signal.aborted) return
    workbench.set({ preview: { status: 'failed', problem: problemOf(error) } })
  }
}

/** @param {Values} values */
function applyValues(values) {
  const { values: last, preview } = workbench.get()
  if (sameValues(last, values)) {
    if (preview.status === 'failed') reloadPreview()
    return
  }
  const isOther = schemaUrlOf(last) !== schemaUrlOf(values)
  workbench.set(isOther ? { values, preview: IDLE } : { values })
  reloadPreview()
}

/**
 * What the tab knows beside an address, by the values of the address that it was given with. Another address cannot
 * have a secret sent to the API of another document.
 *
 * @type {Map<string, Values>}
 */
const withheld = new Map()

/**
 * The items with a secret, by the address of their view.
 *
 * @type {Map<string, string>}
 */
const withheldItems = new Map()

/** @param {Address} address */
function withhold(address) {
  const { item, values } = address
  const rest = Object.entries(values).filter(([name, value]) => !standsInAddress(name, value))
  withheld.set(keyOf(values), Object.fromEntries(rest))
  if (item !== null && hasSecret(item)) withheldItems.set(viewKeyOf(address), item)
  else withheldItems.delete(viewKeyOf(address))
}

/** @param {Address} address */
function viewKeyOf({ view, values }) {
  return formatAddress({ view, item: null, values, details: [] })
}

/** @param {Values} values */
function keyOf(values) {
  return formatAddress({ view: '', item: null, values, details: [] })
}
