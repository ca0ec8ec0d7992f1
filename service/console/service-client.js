import { asConfigurationValues } from './configuration.js'
import { ServiceProblem } from './problem.js'

/** @import { Values } from './configuration.js' */
/** @import { CatalogAnswer } from '../protocol/catalog-schemas.ts' */
/** @import { OverlayAnswer } from '../protocol/overlay-schemas.ts' */
/** @import { DiffResponse, PreviewResponse } from '../protocol/schemas.ts' */
/** @import { TryAnswer } from '../protocol/try-schemas.ts' */
/** @import { TextsAnswer, TypeAnswer } from '../protocol/type-schemas.ts' */

/**
 * The address of the page, so that a path token and a base path stay in front of each route. `fetch` refuses an address
 * with a login, which browsers send without it.
 */
const BASE = new URL('.', document.baseURI)
BASE.username = ''
BASE.password = ''

/** The end of a connector URL that is a secret. */
export const PATH_TOKEN = /\/k\/[^/]+$/

/**
 * The routes of the connector, as the page calls them. Each throws a `ServiceProblem`.
 */
export const service = {
  /**
   * The types and mappings of a document, and its diagnostics.
   *
   * @param {Values} values
   * @param {AbortSignal} [signal]
   * @returns {Promise<PreviewResponse>}
   */
  preview: (values, signal) => ask('preview', values, {}, signal),

  /**
   * One type with its id, the JSON of its values, and what fills the parameters of its mappings.
   *
   * @param {Values} values
   * @param {string} type
   * @param {AbortSignal} [signal]
   * @returns {Promise<TypeAnswer>}
   */
  describeType: (values, type, signal) => ask('preview/type', values, { type }, signal),

  /**
   * The texts of a document, and where its types and mappings stand in them.
   *
   * @param {Values} values
   * @param {AbortSignal} [signal]
   * @returns {Promise<TextsAnswer>}
   */
  texts: (values, signal) => ask('texts', values, {}, signal),

  /**
   * Uses a type as a flow does.
   *
   * @param {Values} values
   * @param {object} request The body, but for the configuration values.
   * @param {AbortSignal} [signal]
   * @returns {Promise<TryAnswer>}
   */
  tryType: (values, request, signal) => ask('try', values, request, signal),

  /**
   * The types and mappings that the document could have.
   *
   * @param {Values} values
   * @param {{ only: readonly string[], exclude: readonly string[] }} patterns
   * @param {AbortSignal} [signal]
   * @returns {Promise<OverlayAnswer>}
   */
  proposeOverlay: (values, patterns, signal) => ask('overlay', values, patterns, signal),

  /**
   * What breaks in flows that have installed an older version of the document.
   *
   * @param {Values} values
   * @param {string} old Schema URL of the older version.
   * @param {AbortSignal} [signal]
   * @returns {Promise<DiffResponse>}
   */
  compare: (values, old, signal) => ask('diff', values, { old }, signal),

  /**
   * The collections and endpoints of the API.
   *
   * @param {Values} values
   * @param {AbortSignal} [signal]
   * @returns {Promise<CatalogAnswer>}
   */
  catalog: (values, signal) => ask('catalog', values, {}, signal),

  /**
   * Keeps a text for a day.
   *
   * @param {string} text
   * @returns {Promise<string>} `kept:<id>`, which serves as a Schema URL.
   */
  async keep(text) {
    const headers = { 'content-type': 'text/plain; charset=utf-8' }
    const response = await send('kept', { method: 'POST', headers, body: text })
    return response.text()
  },

  /**
   * What a route answers to anyone.
   *
   * @param {string} route
   * @returns {Promise<any>}
   */
  async getJson(route) {
    const response = await send(route, {})
    return response.json()
  },

  /**
   * The absolute URL of a route; of the connector itself for a blank one.
   *
   * @param {string} route
   */
  urlOf: route => new URL(route, BASE).href.replace(/\/$/, ''),

  /** The absolute URL of the connector with its path token masked. */
  shownUrl: () => service.urlOf('').replace(PATH_TOKEN, '/k/***')
}

/**
 * @param {string} route
 * @param {Values} values
 * @param {object} rest
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
async function ask(route, values, rest, signal) {
  const body = JSON.stringify({ configurationValues: asConfigurationValues(values), ...rest })
  const headers = { 'content-type': 'application/json' }
  const response = await send(route, { method: 'POST', headers, body, signal })
  return response.json()
}

/**
 * @param {string} route
 * @param {Omit<RequestInit, 'signal'> & { signal?: AbortSignal | undefined }} init
 */
async function send(route, { signal, ...init }) {
  const request = { ...init, signal: signal ?? null }
  const response = await fetch(new URL(route, BASE), request).catch(error => {
    if (signal?.aborted) throw error
    throw new ServiceProblem({
      message: 'The connector does not answer.',
      remedy: 'See whether it runs and can be reached from here, then try again.',
      code: null,
      requestId: null
    })
  })
  if (!response.ok) throw new ServiceProblem(await readProblem(response))
  return response
}

/**
 * @param {Response} response
 * @returns {Promise<import('./problem.js').ShownProblem>}
 */
async function readProblem(response) {
  const problem = await response.json().catch(() => ({}))
  return {
    message: problem.message ?? `The connector answered with status ${response.status}.`,
    remedy: problem.remedy ?? '',
    code: problem.code ?? null,
    requestId: problem.requestId ?? null
  }
}
