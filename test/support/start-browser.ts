import assert from 'node:assert/strict'

import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { chromium } from 'playwright-core'

import { findChromium } from './chromium.ts'
import type { Lifetime } from './lifetime.ts'

/** How a page is looked at: the size of the window in CSS pixels, and light or dark. */
export type Look = {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
}

/** A guard against never ending, far more than a busy machine takes. */
export const GUARD_MS = 60_000

/** Where a page tells that it broke its Content-Security-Policy. */
const REPORT = 'reportPolicyViolation'

/** Runs in the page, before its own scripts. */
const REPORTER = `document.addEventListener('securitypolicyviolation', event => {
  ${REPORT}([event.effectiveDirective, event.blockedURI, event.sourceFile, event.lineNumber].join(' '))
})`

/** Runs in the page. What could not be loaded has no origin. */
const FORGET = `if (origin !== 'null') {
  localStorage.clear()
  sessionStorage.clear()
}`

/** A page that tests use one after the other, as to open another takes as long as to load the workbench twice. */
type KeptPage = {
  readonly page: Page
  readonly session: CDPSession
  /** The faults that the test of now sees, one line each. */
  faults: string[]
}

let started: Promise<Browser> | undefined

/** What all pages share: a cache. */
let shared: Promise<BrowserContext> | undefined

/** Pages that no test uses. */
const free: KeptPage[] = []

/** Starts the Chromium of this process, or returns the one that a file before has started. */
export function startBrowser(t: Lifetime): Promise<Browser> {
  started ??= launch(t)
  return started
}

async function launch(t: Lifetime): Promise<Browser> {
  const { path, environment } = await findChromium()
  const browser = await chromium.launch({
    executablePath: path,
    env: { ...process.env, ...environment },
    timeout: GUARD_MS
  })
  t.after(() => browser.close())
  return browser
}

/**
 * Opens a page that knows nothing of what was opened before, until the test ends. The test fails if the page has broken
 * its policy, written an error to the console, left an exception unhandled, or asked another host.
 */
export async function openPage(
  t: Lifetime,
  browser: Browser,
  url: string,
  look: Look = {}
): Promise<Page> {
  const { page, faults } = await newPage(t, browser, url, look)
  t.after(() => assert.deepEqual(faults, []))
  await page.goto(url)
  return page
}

/** A page that has opened nothing yet, and its faults so far, one line each. */
export async function newPage(
  t: Lifetime,
  browser: Browser,
  url: string,
  { width = 1280, height = 800, colorScheme = 'light' }: Look = {}
): Promise<{ readonly page: Page; readonly faults: readonly string[] }> {
  const kept = free.pop() ?? (await createPage(browser))
  const { page, session } = kept
  const faults: string[] = []
  kept.faults = faults
  t.after(() => release(kept))
  watchFaults(page, new URL(url).origin, faults)
  await page.setViewportSize({ width, height })
  await page.emulateMedia({ colorScheme })
  await session.send('Page.resetNavigationHistory')
  return { page, faults }
}

async function createPage(browser: Browser): Promise<KeptPage> {
  shared ??= browser.newContext({ reducedMotion: 'reduce', acceptDownloads: true })
  const context = await shared
  context.setDefaultTimeout(GUARD_MS)
  const page = await context.newPage()
  const kept: KeptPage = { page, session: await context.newCDPSession(page), faults: [] }
  await page.exposeFunction(REPORT, (what: string) => void kept.faults.push(`policy: ${what}`))
  await page.addInitScript({ content: REPORTER })
  return kept
}

/** Takes from a page what a test has left in it. */
async function release(kept: KeptPage): Promise<void> {
  const { page } = kept
  kept.faults = []
  page.removeAllListeners()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.evaluate(FORGET)
  await page.goto('about:blank')
  // Nothing is pointed at in the next page.
  await page.mouse.move(0, 0)
  await page.context().clearCookies()
  await page.context().clearPermissions()
  free.push(kept)
}

function watchFaults(page: Page, origin: string, faults: string[]): void {
  page.on('pageerror', error => void faults.push(`exception: ${error.message}`))
  page.on('console', message => {
    const text = message.text()
    // Chromium also writes the status of each refused request, which a page may expect.
    const isStatus = text.startsWith('Failed to load resource: the server responded with')
    if (message.type() === 'error' && !isStatus) faults.push(`console: ${text}`)
  })
  page.on('request', request => {
    const url = new URL(request.url())
    const isOwn = url.origin === origin || url.protocol === 'data:' || url.protocol === 'blob:'
    if (!isOwn) faults.push(`request: ${url.origin}`)
  })
}
