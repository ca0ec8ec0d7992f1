import assert from 'node:assert/strict'

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
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

let started: Promise<Browser> | undefined

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
 * Opens a page in a profile of its own until the test ends. The test fails if the page has broken its policy, written an
 * error to the console, left an exception unhandled, or asked another host.
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
  const options: BrowserContextOptions = {
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
    acceptDownloads: true
  }
  const context = await browser.newContext(options)
  t.after(() => context.close())
  context.setDefaultTimeout(GUARD_MS)
  const page = await context.newPage()
  return { page, faults: await watchFaults(page, new URL(url).origin) }
}

async function watchFaults(page: Page, origin: string): Promise<string[]> {
  const faults: string[] = []
  await page.exposeFunction(REPORT, (what: string) => void faults.push(`policy: ${what}`))
  await page.addInitScript({ content: REPORTER })
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
  return faults
}
