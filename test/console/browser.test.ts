import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import { accessibilityFaults } from '../support/accessibility.ts'
import type { Lifetime } from '../support/lifetime.ts'
import { GUARD_MS, newPage, openPage, startBrowser } from '../support/start-browser.ts'
import { startFiles } from '../support/start-files.ts'
import { startUpstream } from '../support/start-upstream.ts'

const browser = await startBrowser({ after })

const POLICY = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'"

const PAGE = `<!doctype html><html lang="en"><title>A page</title><script src="script.js"></script>
<main><h1>A page</h1><p id="end">Ready</p></main>`

/** A page with a script under a policy, by default one as strict as the service's. */
async function startPage(t: Lifetime, script: string, policy = POLICY): Promise<string> {
  const { url } = await startFiles(t, {
    '/': (_, response) => {
      response.writeHead(200, {
        'content-type': 'text/html',
        'content-security-policy': policy
      })
      response.end(PAGE)
    },
    '/script.js': (_, response) => {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
    }
  })
  return `${url}/`
}

test('a page that keeps its policy has no faults', async t => {
  const url = await startPage(t, 'document.title = "Changed"')
  const page = await openPage(t, browser, url, { width: 360, colorScheme: 'dark' })
  assert.equal(await page.title(), 'Changed')
  assert.equal(await page.evaluate('innerWidth'), 360)
  assert.equal(await page.evaluate('matchMedia("(prefers-color-scheme: dark)").matches'), true)
})

for (const { name, script, fault } of [
  {
    name: 'a style attribute',
    script: 'document.documentElement.setAttribute("style", "color: red")',
    fault: /^policy: style-src-attr inline /
  },
  {
    name: 'a string as script',
    script: 'try { eval("1") } catch {}',
    fault: /^policy: (script-src eval|require-trusted-types-for)/
  },
  {
    name: 'markup from a string',
    script: 'try { document.documentElement.innerHTML = "<p id=end>" } catch {}',
    fault: /^policy: require-trusted-types-for/
  },
  {
    name: 'an exception that nobody handles',
    script: 'setTimeout(() => { throw new Error("unhandled") })',
    fault: /^exception: unhandled$/
  },
  {
    name: 'an error in the console',
    script: 'console.error("went wrong")',
    fault: /^console: went wrong$/
  }
]) {
  test(`${name} is a fault of a page`, async t => {
    const url = await startPage(t, script)
    const { page, faults } = await newPage(t, browser, url)
    await page.goto(url)
    await page.locator('#end').waitFor()
    await t.waitFor(
      () =>
        assert.ok(
          faults.some(each => fault.test(each)),
          faults.join('\n')
        ),
      { timeout: GUARD_MS }
    )
  })
}

test('a request to another host is a fault of a page whose policy allows it', async t => {
  const elsewhere = await startUpstream(t, (_, response) => response.end())
  const script = `fetch('${elsewhere}', { mode: 'no-cors' })`
  const url = await startPage(t, script, 'default-src *')
  const { page, faults } = await newPage(t, browser, url)
  await Promise.all([page.waitForRequest(`${elsewhere}/`), page.goto(url)])
  await t.waitFor(() => assert.deepEqual(faults, [`request: ${elsewhere}`]), { timeout: GUARD_MS })
})

test('an image without a text is a fault of accessibility, of which a plain page has none', async t => {
  const url = await startPage(t, '')
  const page = await openPage(t, browser, url)
  assert.deepEqual(await accessibilityFaults(page), [])
  await page.evaluate("document.querySelector('main').append(document.createElement('img'))")
  const [fault = '', ...others] = await accessibilityFaults(page)
  assert.match(fault, /^image-alt: /)
  assert.deepEqual(others, [])
})
