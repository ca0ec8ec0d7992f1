import assert from 'node:assert/strict'
import { test } from 'node:test'

import { startApp } from '../support/start-app.ts'

const TOKEN = 'token-of-the-workbench'

/** The URLs that a page names, made absolute. */
async function linksOf(pageUrl: string): Promise<string[]> {
  const page = await (await fetch(pageUrl)).text()
  const named = page.matchAll(/(?:href|src)="(\.[^"]+)"|"(\.\/console\/[^"]+)"/g)
  return [...new Set([...named].map(([, link, module]) => link ?? module ?? ''))].map(
    link => new URL(link, pageUrl).href
  )
}

test('GET / is a page whose policy allows its own files and nothing else', async t => {
  const { url } = await startApp(t)
  const answers = [await fetch(`${url}/`), await fetch(`${url}/`)]
  const policies = answers.map(({ headers }) => headers.get('content-security-policy') ?? '')
  for (const [index, answer] of answers.entries()) {
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
    const [, nonce = ''] = /script-src 'self' 'nonce-([\w-]{24})'/.exec(policies[index] ?? '') ?? []
    const page = await answer.text()
    const inline = [...page.matchAll(/<(?:script|style)\b[^>]*>(?=[^<])/g)]
    assert.deepEqual(
      inline.map(([tag]) => tag),
      [`<script type="importmap" nonce="${nonce}">`]
    )
    assert.doesNotMatch(page, /style="|\son\w+=|https?:/)
  }
  assert.notEqual(policies[0], policies[1])
  assert.match(policies[0] ?? '', /^default-src 'none';.*; require-trusted-types-for 'script'/)
  assert.doesNotMatch(policies[0] ?? '', /unsafe|https?:|\*/)
})

test('the page preloads the modules that it begins with, and no view', async t => {
  const { url } = await startApp(t)
  const page = await (await fetch(`${url}/`)).text()
  const preloads = [
    ...page.matchAll(/<link rel="modulepreload" href="\.\/console\/\w+\/([^"]+)"/g)
  ].map(([, path]) => path)
  for (const path of ['page/main.js', 'page/app.js', 'page/workbench.js', 'packages/preact.js']) {
    assert.ok(preloads.includes(path), path)
  }
  const others =
    /^page\/(?:views|types|diagram|editor|start|install|workers)\/|codemirror|dagre|lezer|crelt/
  assert.deepEqual(
    preloads.filter(path => others.test(path ?? '')),
    []
  )
})

for (const { name, environment, path } of [
  { name: 'without a door', environment: {}, path: '/' },
  { name: 'below a base path', environment: { BASE_PATH: '/flow/a' }, path: '/flow/a/' },
  { name: 'behind a path token', environment: { CONNECTOR_TOKENS: TOKEN }, path: `/k/${TOKEN}/` },
  {
    name: 'behind a path token below a base path',
    environment: { CONNECTOR_TOKENS: TOKEN, BASE_PATH: '/flow' },
    path: `/flow/k/${TOKEN}/`
  }
]) {
  test(`the page finds its files ${name}, with and without a slash`, async t => {
    const { url } = await startApp(t, { environment })
    if (path !== '/') {
      const detour = await (await fetch(url + path.slice(0, -1))).text()
      assert.match(detour, /<script nonce="[\w-]{24}">location\.pathname \+= '\/'<\/script>/)
      assert.ok(!detour.includes(TOKEN))
    }
    const links = await linksOf(url + path)
    assert.ok(links.length > 40)
    const answers = await Promise.all(links.map(link => fetch(link, { method: 'HEAD' })))
    for (const { url: link, status, headers } of answers) {
      assert.equal(status, 200, link)
      assert.match(headers.get('cache-control') ?? '', /immutable/)
      assert.match(headers.get('content-type') ?? '', /^text\/(?:css|javascript); /)
    }
  })
}

test('of the console nothing but the files of the page is served, in their version', async t => {
  const { url } = await startApp(t)
  const links = await linksOf(`${url}/`)
  const main = links.find(link => link.endsWith('/page/main.js')) ?? ''
  const root = main.slice(0, -'/page/main.js'.length)
  assert.equal((await fetch(main)).status, 200)
  for (const unknown of [
    `${root}/page/tsconfig.json`,
    `${root}/page/`,
    `${root}/packages/fastify.js`,
    `${root}/page/..%2f..%2fapp.ts`,
    `${url}/console/0123456789abcdef/page/main.js`,
    `${url}/console/page/main.js`,
    `${url}/console/`
  ]) {
    assert.equal((await fetch(unknown)).status, 404, unknown)
  }
})
