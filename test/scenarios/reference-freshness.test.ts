import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { test } from 'node:test'
import { ConnectorError } from '../../service/errors.ts'
import type { DocumentFetch } from '../../service/net/document-client.ts'
import {
  documentWith,
  diagnosticsOf,
  propertiesOf,
  referring
} from '../support/referring-document.ts'
import { startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'
import { openerFor, said } from '../support/start-opener.ts'
import { startUpstream } from '../support/start-upstream.ts'

function itemWith(...properties: readonly string[]): string {
  return `type: object\nproperties: { ${properties.map(name => `${name}: { type: string }`).join(', ')} }\n`
}

/** An opener with a clock that the test moves, whose client is refused what the test wants. */
function openerWithClock(
  t: test.TestContext,
  refuse: (request: DocumentFetch) => ConnectorError | undefined = () => undefined
) {
  return openerFor(t, { refuse })
}

test('A18 A27 parts are read again when their document is, by their entity tags, and an unchanged whole is one model', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(referring('A', 'a.yaml'), referring('B', 'b.yaml')),
    '/a.yaml': itemWith('one'),
    '/b.yaml': itemWith('two')
  })
  const { clock, open } = openerWithClock(t)
  const url = `${files.url}/openapi.yaml`
  const { model } = await open(url)
  assert.deepEqual(files.takeFetches(), ['200 /openapi.yaml', '200 /a.yaml', '200 /b.yaml'])
  clock.time += 299_000
  assert.equal((await open(url)).model, model)
  assert.deepEqual(files.takeFetches(), [])
  clock.time += 2_000
  assert.equal((await open(url)).model, model)
  assert.deepEqual(files.takeFetches(), ['304 /openapi.yaml', '304 /a.yaml', '304 /b.yaml'])

  files.put('/b.yaml', itemWith('two', 'three'))
  clock.time += 301_000
  const changed = (await open(url)).model
  assert.notEqual(changed, model)
  assert.deepEqual(
    changed.types.get('B:at')?.properties.map(({ name }) => name),
    ['two', 'three']
  )
  assert.deepEqual(files.takeFetches(), ['304 /openapi.yaml', '304 /a.yaml', '200 /b.yaml'])
})

test('A18 many who open a document at once share its parts and its model', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(referring('A', 'a.yaml')),
    '/a.yaml': itemWith('one')
  })
  const { open } = openerWithClock(t)
  const opened = await Promise.all(
    Array.from({ length: 20 }, () => open(`${files.url}/openapi.yaml`))
  )
  assert.equal(new Set(opened.map(({ model }) => model)).size, 1)
  assert.deepEqual(files.takeFetches(), ['200 /openapi.yaml', '200 /a.yaml'])
})

test('A18 A26 of a part that is gone or broken the last good copy serves, and a diagnostic names the part', async t => {
  for (const broken of [null, '<html></html>', 'a: [']) {
    const files = await startFiles(t, {
      '/openapi.yaml': documentWith(referring('A', 'a.yaml')),
      '/a.yaml': itemWith('one')
    })
    const { clock, open } = openerWithClock(t)
    const url = `${files.url}/openapi.yaml`
    const good = await open(url)
    files.put('/a.yaml', broken)
    clock.time += 301_000
    const stale = await open(url)
    assert.equal(stale.model, good.model)
    assert.deepEqual(
      said(stale).map(({ code, file }) => `${code} ${file}`),
      [`DOCUMENT_STALE ${files.url}/a.yaml`]
    )
    files.put('/a.yaml', itemWith('one', 'two'))
    clock.time += 11_000
    const back = await open(url)
    assert.deepEqual(said(back), [])
    const { model } = back
    assert.deepEqual(
      model.types.get('A:at')?.properties.map(({ name }) => name),
      ['one', 'two']
    )
  }
})

test('A18 a part that could not be read is asked for again after ten seconds', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(referring('A', 'a.yaml'), referring('B', 'b.yaml')),
    '/b.yaml': itemWith('two')
  })
  const { clock, open } = openerWithClock(t)
  const url = `${files.url}/openapi.yaml`
  const lacking = await open(url)
  assert.deepEqual(
    said(lacking).map(({ code }) => code),
    ['REF_UNREADABLE']
  )
  assert.deepEqual(files.takeFetches(), ['200 /openapi.yaml', '404 /a.yaml', '200 /b.yaml'])
  files.put('/a.yaml', itemWith('one'))
  clock.time += 9_000
  assert.equal((await open(url)).model, lacking.model)
  assert.deepEqual(files.takeFetches(), [])
  clock.time += 2_000
  const whole = await open(url)
  assert.deepEqual(said(whole), [])
  assert.ok(whole.model.types.get('A:at'))
  assert.deepEqual(files.takeFetches(), ['200 /a.yaml'])
})

test('A18 a text that serves as a part takes no place of a document that it does not serve as', async t => {
  const files = await startFiles(t, {
    '/one.yaml': documentWith(),
    '/two.yaml': documentWith(referring('A', 'one.yaml#/components/schemas/Lamp'))
  })
  const { clock, open } = openerWithClock(t)
  const good = await open(`${files.url}/one.yaml`)
  files.put('/one.yaml', 'components: { schemas: {} }')
  await open(`${files.url}/two.yaml`)
  assert.equal((await open(`${files.url}/one.yaml`)).model, good.model)
  clock.time += 301_000
  const stale = await open(`${files.url}/one.yaml`)
  assert.equal(stale.model, good.model)
  assert.deepEqual(
    said(stale).map(({ code }) => code),
    ['DOCUMENT_STALE']
  )
})

/** Serves a file to those who have the token, and nothing to others. */
function guarded(token: string, text: string): RequestListener {
  return (request, response) => {
    const isKnown = request.headers.authorization === `Bearer ${token}`
    response.writeHead(isKnown ? 200 : 401).end(isKnown ? text : 'no')
  }
}

test('A18 A10 the token goes with references to the origin of the Schema URL, and to no other', async t => {
  const seen: string[] = []
  const other = await startUpstream(t, (request, response) => {
    seen.push(`${request.url} ${request.headers.authorization}`)
    if (request.url === '/back.yaml') response.end(`A: { $ref: '${files.url}/c.yaml' }`)
    else response.end(itemWith('id'))
  })
  const files = await startFiles(t, {
    '/a.yaml': guarded('s3cret', itemWith('inner')),
    '/c.yaml': guarded('s3cret', itemWith('inner')),
    '/moved.yaml': (_, response) => response.writeHead(302, { location: `${other}/moved` }).end()
  })
  const text = documentWith(
    referring('A', 'a.yaml'),
    referring('B', `${other}/b.yaml`),
    referring('C', `${other}/back.yaml#/A`),
    referring('D', 'moved.yaml')
  )
  files.put('/openapi.yaml', guarded('s3cret', text))
  const connector = await startConnector(t, {
    'Schema URL': `${files.url}/openapi.yaml`,
    'Schema Token': 's3cret'
  })
  const preview = await connector.preview()
  assert.deepEqual(diagnosticsOf(preview), [])
  assert.deepEqual(propertiesOf(preview, 'A:at'), ['inner ContentString'])
  assert.deepEqual(propertiesOf(preview, 'C:at'), ['inner ContentString'])
  assert.deepEqual(seen.toSorted(), [
    '/b.yaml undefined',
    '/back.yaml undefined',
    '/moved undefined'
  ])
})

test('A18 A10 a part that a token opened is given to no caller without it', async t => {
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(referring('A', 'a.yaml')),
    '/a.yaml': guarded('s3cret', itemWith('planted'))
  })
  const url = { 'Schema URL': `${files.url}/openapi.yaml` }
  const holder = await startConnector(t, { ...url, 'Schema Token': 's3cret' })
  assert.deepEqual(propertiesOf(await holder.preview(), 'A:at'), ['planted ContentString'])
  for (const configuration of [url, { ...url, 'Schema Token': 'wrong' }]) {
    const preview = await holder.as({ configuration }).preview()
    assert.deepEqual(propertiesOf(preview, 'A'), ['at ContentString'])
    assert.ok(!JSON.stringify(preview).includes('planted'))
    assert.match(preview.diagnostics[0]?.message ?? '', /answered 401 .*\[DOCUMENT_STATUS\]$/)
  }
  assert.deepEqual(propertiesOf(await holder.preview(), 'A:at'), ['planted ContentString'])
})

test('B2 what the door for documents refuses is refused to references too, and nobody is called', async t => {
  let calls = 0
  const inside = await startUpstream(t, (_, response) => {
    calls++
    response.end('planted')
  })
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(referring('A', `${inside}/meta.yaml?key=s3cret#/A`))
  })
  const { open } = openerWithClock(t, ({ url }) =>
    url.startsWith(inside)
      ? new ConnectorError('DOCUMENT_UNREACHABLE', { url: inside, reason: 'it may not be called' })
      : undefined
  )
  const lacking = await open(`${files.url}/openapi.yaml`)
  const diagnostics = said(lacking)
  assert.equal(calls, 0)
  assert.ok(lacking.model.types.get('Lamp'))
  assert.deepEqual(
    diagnostics.map(({ code, pointer }) => `${code} ${pointer}`),
    ['REF_UNREADABLE /components/schemas/A/properties/at']
  )
  assert.match(diagnostics[0]?.message ?? '', /it may not be called \[DOCUMENT_UNREACHABLE\]$/)
  assert.ok(!JSON.stringify(diagnostics).includes('s3cret'))
})

test('R11 many who open a document at once share one fetch, one model and one failure', async t => {
  const refusals: ConnectorError[] = []
  const files = await startFiles(t, {
    '/openapi.yaml': documentWith(referring('A', 'a.yaml')),
    '/a.yaml': itemWith('one')
  })
  const { clock, open } = openerWithClock(t, () => refusals.at(-1))
  const url = `${files.url}/openapi.yaml`
  const many = () => Array.from({ length: 100 }, () => open(url))
  const failure = new ConnectorError('DOCUMENT_TIMEOUT', { url, limit: 1 })
  refusals.push(failure)
  const failed = await Promise.allSettled(many())
  for (const end of failed) assert.equal(end.status === 'rejected' && end.reason, failure)
  refusals.pop()
  // For a second the failure is theirs who come later, too.
  await assert.rejects(open(url), failure)
  assert.deepEqual(files.takeFetches(), [])
  clock.time += 1_000
  const models = (await Promise.all(many())).map(({ model }) => model)
  assert.equal(new Set(models).size, 1)
  assert.deepEqual(files.takeFetches(), ['200 /openapi.yaml', '200 /a.yaml'])
})
