import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compileUrl } from '../../../service/compiler/manifest/compile-url.ts'
import { isTemplateFault, readTemplate } from '../../../service/compiler/manifest/read-template.ts'

/** Server, path and query of a URL, with variables in brackets. */
function parts(text: string): string[] | string {
  const template = readTemplate(text)
  assert.ok(!isTemplateFault(template))
  const url = compileUrl(template)
  if (typeof url === 'string') return url
  const shown = (value: typeof template): string =>
    value.map(part => (typeof part === 'string' ? part : `[${part.variable}]`)).join('')
  return [
    shown(url.server.template ?? []),
    url.path,
    ...[...url.pathValues].map(([name, value]) => `${name}=${shown(value)}`),
    ...url.query.map(([name, value]) => `?${name}=${shown(value)}`)
  ]
}

for (const [text, expected] of [
  ['https://api.example.com/v1/c', ['https://api.example.com', '/v1/c']],
  ['https://api.example.com', ['https://api.example.com', '']],
  [
    'HTTP://api.example.com:8080/c?a=1&b=x%20y',
    ['HTTP://api.example.com:8080', '/c', '?a=1', '?b=x y']
  ],
  ['{{ env.BASE }}/v1/c', ['[BASE]', '/v1/c']],
  ['https://{{ env.SUB }}.example.com/c', ['https://[SUB].example.com', '/c']],
  [
    'https://a.example/{{ env.T }}/c/{{ dt }}',
    ['https://a.example', '/{T}/c/{dt}', 'T=[T]', 'dt=[dt]']
  ],
  [
    'https://a.example/{{ env.T }}/{{ env.T }}',
    ['https://a.example', '/{T}/{T2}', 'T=[T]', 'T2=[T]']
  ],
  [
    'https://a.example/c?since={{ dt }}&x=a{{ env.B }}c',
    ['https://a.example', '/c', '?since=[dt]', '?x=a[B]c']
  ],
  ['https://a.example/c?flag&=1#part', ['https://a.example', '/c', '?flag=', '?=1']],
  ['ftp://a.example/c', 'its URL is neither an http or https URL nor begins with a variable'],
  ['/v1/c', 'its URL is neither an http or https URL nor begins with a variable'],
  ['https://u:p@a.example/c', 'its URL has a user name or a password, which belong into `auth`'],
  ['https://a.example/{id}', 'its URL has blanks or braces that are no template'],
  ['https://a.exa mple/c', 'its URL has blanks or braces that are no template'],
  ['https://[::1/c', 'its URL cannot be parsed']
] as const) {
  test(`C20 the URL ${text} is taken apart, or refused`, () => {
    assert.deepEqual(parts(text), expected)
  })
}

for (const [text, expected] of [
  ['plain', ['plain']],
  ['', []],
  ['{{ env.A }}', [{ variable: 'A', fallback: null }]],
  ['a{{env.A_1}}b', ['a', { variable: 'A_1', fallback: null }, 'b']],
  [`{{ dt | default('2025-01-01') }}`, [{ variable: 'dt', fallback: '2025-01-01' }]],
  [`{{ env.X|default("it's") }}`, [{ variable: 'X', fallback: "it's" }]],
  [`{{ env.X | default('') }}`, [{ variable: 'X', fallback: '' }]],
  ['{{ os.system }}', { expression: 'os.system' }],
  ['{{ env.A + 1 }}', { expression: 'env.A + 1' }],
  ['{{ env.A', { expression: 'env.A' }],
  ['{{}}', { expression: '' }],
  ['{{ env.A | upper }}', { expression: 'env.A | upper' }],
  ['{% if x %}', ['{% if x %}']]
] as const) {
  test(`C20 the template ${JSON.stringify(text)} is read, or its expression is named`, () => {
    assert.deepEqual(readTemplate(text), expected)
  })
}
