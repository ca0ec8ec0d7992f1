import assert from 'node:assert/strict'
import { test } from 'node:test'

import { canonicalUrl } from '../../service/base/canonical-url.ts'
import { canonicalLocation } from '../../service/documents/source-document.ts'

const SAME = [
  'https://docs.example/a/b.yaml?x=%2F',
  'HTTPS://Docs.Example:443/a/b.yaml?x=%2f',
  'https://docs.example./a/b.yaml?x=%2F#part',
  'https://docs.example/%61/./c/../b%2Eyaml?x=%2f#',
  '\thttps://docs.example/a/%62.yaml?x=%2F '
]

test('H10 V2 all spellings of a URL have one canonical form', () => {
  for (const spelled of SAME) {
    assert.equal(canonicalUrl(new URL(spelled)), SAME[0], spelled)
    assert.equal(canonicalLocation(spelled), SAME[0], spelled)
  }
})

test('H10 V2 different documents have different canonical forms', () => {
  const others = [
    'http://docs.example/a/b.yaml?x=%2F',
    'https://docs.example:8443/a/b.yaml?x=%2F',
    'https://docs.example/A/b.yaml?x=%2F',
    'https://docs.example/a/b.yaml?x=/',
    'https://docs.example/a/b.yaml',
    'https://docs.example/a/b.yaml/?x=%2F',
    'sample:weather',
    'no url'
  ]
  const forms = [SAME[0] ?? '', ...others].map(canonicalLocation)
  assert.equal(new Set(forms).size, forms.length, forms.join(' '))
})
