import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Details } from '../../service/console/address.js'
import { formatAddress, parseAddress } from '../../service/console/address.js'

/** What comes back from the address of a page with a Schema URL. */
function shared(schemaUrl: string): string | undefined {
  return parseAddress(
    formatAddress({ view: 'types', item: null, values: { 'Schema URL': schemaUrl }, details: [] })
  ).values['Schema URL']
}

test('J01 the address of a page has the URL of its document', () => {
  for (const url of [
    'https://api.example.com/openapi.yaml',
    'https://api.example.com/openapi.yaml?version=2&lang=en#part',
    'sample:petstore',
    'kept:1234'
  ]) {
    assert.equal(shared(url), url)
  }
})

test('J01 the address of a page has no URL with a secret', () => {
  for (const url of [
    'https://ann:pass@api.example.com/openapi.yaml',
    'https://ann@api.example.com/openapi.yaml',
    'https://raw.example.com/openapi.yaml?token=ABC',
    'https://files.example.com/a.yaml?X-Amz-Signature=12&X-Amz-Credential=a',
    'https://blob.example.com/a.yaml?sv=1&sig=34',
    'https://api.example.com/a.yaml?api_key=1',
    'https://api.example.com/a.yaml?a=1&Access-Token=1',
    'https://api.example.com/a.yaml#access_token=1',
    'https://api.example.com/a.yaml?of=https%3A%2F%2Fann%3Apass%40b.example.com',
    'HTTPS:ann:pass@api.example.com/a.yaml'
  ]) {
    assert.equal(shared(url), undefined, url)
  }
})

test('J01 the address of a page has no value with a URL with a secret on any of its lines', () => {
  for (const overlay of [
    'https://a.example.com/o.yaml?v=1\nhttps://b.example.com/o.yaml?token=S',
    'https://a.example.com\nhttps://ann:pass@b.example.com',
    'sample:petstore\n  https://b.example.com/o.yaml?sig=S',
    'overlay: 1.0.0\nextends: "https://ann:pass@b.example.com/a.yaml"'
  ]) {
    const values = { 'Overlay URL': overlay }
    assert.equal(formatAddress({ view: 'types', item: null, values, details: [] }), '#/types')
  }
  const values = { 'Overlay URL': 'https://a.example.com/o.yaml\nkept:1' }
  assert.match(formatAddress({ view: 'types', item: null, values, details: [] }), /overlay=/)
})

test('J01 the address of a page has no item with a secret, and each other one', () => {
  const addressOf = (item: string) =>
    formatAddress({ view: 'compare', item, values: {}, details: [] })
  assert.equal(addressOf('https://h.example.com/a.yaml?token=S'), '#/compare')
  assert.equal(addressOf('https://ann:pass@h.example.com/a.yaml'), '#/compare')
  for (const item of ['https://h.example.com/a.yaml?v=1', 'query:Key?token=1', '/paths/~1?key=1']) {
    assert.equal(parseAddress(addressOf(item)).item, item)
  }
})

test('J01 the address of a page has no secret of the configuration', () => {
  const values = {
    'Schema URL': 'sample:petstore',
    'Basic: Password': 'hidden',
    Variables: 'a=hidden'
  }
  const address = formatAddress({ view: 'try', item: 'Pet', values, details: [] })
  assert.equal(address, '#/try/Pet?doc=sample%3Apetstore')
})

test('J01 the address of a page has details as a whole, or none if they are too long', () => {
  const shared = (details: Details): Details =>
    parseAddress(formatAddress({ view: 'try', item: 'Pet', values: {}, details })).details
  const details = [
    ['where', 'a & b EQUAL ?#%+'],
    ['where', ''],
    ['limit', '20']
  ] as const
  assert.deepEqual(shared(details), details)
  assert.deepEqual(shared([...details, ['search', 'x'.repeat(2_000)]]), [])
})
