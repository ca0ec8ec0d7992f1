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

/** @type {Worker | undefined} */
let worker

let lastId = 0

/**
 * Places boxes and the lines between them, in a worker.
 *
 * @param {readonly Box[]} boxes
 * @param {readonly Line[]} lines
 * @param {AbortSignal} signal
 * @returns {Promise<Layout>}
 */
export function layOut(boxes, lines, signal) {
  worker ??= startWorker()
  const { promise, resolve, reject } = Promise.withResolvers()
  const id = ++lastId
  const asked = worker
  const end = new AbortController()
  const options = { signal: AbortSignal.any([signal, end.signal]) }
  const fail = () => {
    end.abort()
    // The next diagram starts another worker: one that could not load dagre may never try again.
    asked.terminate()
    if (worker === asked) worker = undefined
    reject(new Error('The diagram cannot be drawn.'))
  }
  asked.addEventListener(
    'message',
    (/** @type {MessageEvent<Layout | NoLayout>} */ { data }) => {
      // A worker that failed is ended, so that whoever waits for it has failed.
      if ('failed' in data) return fail()
      if (data.id !== id) return
      end.abort()
      resolve(data)
    },
    options
  )
  asked.addEventListener('error', fail, options)
  const library = import.meta.resolve('@dagrejs/dagre')
  /** @type {LayoutTask} */
  const task = { id, library, boxes, lines }
  asked.postMessage(task)
  return promise
}

function startWorker() {
  // A browser without Trusted Types takes the URL as it is.
  return new Worker(policy?.createScriptURL(WORKER_URL) ?? WORKER_URL, { type: 'module' })
}
