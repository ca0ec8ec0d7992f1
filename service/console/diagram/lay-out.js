/** @import { Box, Layout, LayoutTask, Line, NoLayout } from '../workers/layout-worker.js' */

const WORKER_URL = new URL('../workers/layout-worker.js', import.meta.url).href

/**
 * The part of Trusted Types that the page uses (https://www.w3.org/TR/trusted-types/).
 *
 * @typedef {{
 *   trustedTypes?: {
 *     createPolicy(
 *       name: string,
 *       rules: { createScriptURL: (url: string) => string }
 *     ): { createScriptURL: (url: string) => string }
 *   }
 * }} TrustedTypesHolder
 */

/** Nothing but the layout worker may be started by a URL. */
const policy = /** @type {TrustedTypesHolder} */ (window).trustedTypes?.createPolicy('workbench', {
  createScriptURL: url => {
    if (url === WORKER_URL) return url
    throw new TypeError('the page starts its own worker only')
  }
})

/**
 * A worker without a task, for the next one.
 *
 * @type {Worker | undefined}
 */
let idle

/**
 * Places boxes and the lines between them, in a worker that has no other task meanwhile. One that fails or is no longer
 * needed is ended: it may never come to an end by itself, nor load dagre again.
 *
 * @param {readonly Box[]} boxes
 * @param {readonly Line[]} lines
 * @param {AbortSignal} signal
 * @returns {Promise<Layout>}
 */
export function layOut(boxes, lines, signal) {
  const worker = idle ?? startWorker()
  idle = undefined
  const { promise, resolve, reject } = Promise.withResolvers()
  const told = new AbortController()
  const fail = (/** @type {Error} */ error) => {
    told.abort()
    worker.terminate()
    reject(error)
  }
  const failDrawing = () => fail(new Error('The diagram cannot be drawn.'))
  signal.addEventListener('abort', () => fail(signal.reason), { signal: told.signal })
  worker.addEventListener(
    'message',
    (/** @type {MessageEvent<Layout | NoLayout>} */ { data }) => {
      if ('failed' in data) return failDrawing()
      told.abort()
      if (idle === undefined) idle = worker
      else worker.terminate()
      resolve(data)
    },
    { signal: told.signal }
  )
  worker.addEventListener('error', failDrawing, { signal: told.signal })
  const library = import.meta.resolve('@dagrejs/dagre')
  /** @type {LayoutTask} */
  const task = { library, boxes, lines }
  worker.postMessage(task)
  return promise
}

function startWorker() {
  // A browser without Trusted Types takes the URL as it is.
  return new Worker(policy?.createScriptURL(WORKER_URL) ?? WORKER_URL, { type: 'module' })
}
