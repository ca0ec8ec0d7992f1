import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compileUrl } from '../../../service/compiler/manifest/compile-url.ts'
import { isTemplateFault, readTemplate } from '../../../service/compiler/manifest/read-template.ts'

/** Server, path and query of a URL, with variables in brackets. */
function parts(text: string): string[] | string {
  const template = readTemplate(text, 'inputs.a.url')
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
    ['https://a.example', '/{env.T}/c/{env.dt}', 'env.T=[T]', 'env.dt=[dt]']
  ],
  [
    'https://a.example/{{ env.T }}/{{ env.T }}',
    ['https://a.example', '/{env.T}/{env.T2}', 'env.T=[T]', 'env.T2=[T]']
  ],
  [
    'https://a.example/c?since={{ dt }}&x=a{{ env.B }}c',
    ['https://a.example', '/c', '?since=[dt]', '?x=a[B]c']
  ],
  ['{{ env.WHOLE }}', ['[WHOLE]', '']],
  ['{{ env.BASE }}c?x={{ env.X }}', ['[BASE]', 'c', '?x=[X]']],
  ['https://a.example:{{ env.PORT }}/c', ['https://a.example:[PORT]', '/c']],
  ['https://[::1]:8080/c', ['https://[::1]:8080', '/c']],
  ['https://a.example?a=1', ['https://a.example', '', '?a=1']],
  [
    'https://a.example/c?a={{ env.A }}{{ dt }}&a=2',
    ['https://a.example', '/c', '?a=[A][dt]', '?a=2']
  ],
  ['https://a.example/c?a=b=c?d', ['https://a.example', '/c', '?a=b=c?d']],
  ['https://a.example/c#{{ env.A }}', ['https://a.example', '/c']],
  [
    'https://a.example/c?{{ env.N }}={{ env.V }}',
    'its URL has a template in a name of the query, where only values may have one'
  ],
  ['https://a.example/c\u{E000}/{{ env.A }}', 'its URL cannot be parsed'],
  ['{{ env.A }}{{ env.B }}', ['[A][B]', '']],
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

/** A template without where it stands, which each variable knows. */
function withoutPlace(read: ReturnType<typeof readTemplate>): unknown {
  if (isTemplateFault(read)) return read
  return read.map(part => {
    if (typeof part === 'string') return part
    const { place, ...variable } = part
    assert.equal(place, 'inputs.a.url')
    return variable
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
  ['{% if x %}', ['{% if x %}']],
  [
    `{{ env.A }}-{{dt|default( "x" )}}{{ env.B }}`,
    [
      { variable: 'A', fallback: null },
      '-',
      { variable: 'dt', fallback: 'x' },
      { variable: 'B', fallback: null }
    ]
  ],
  [`{{ env.X | default('a}}b{{c') }}`, [{ variable: 'X', fallback: 'a}}b{{c' }]],
  [`{{ env.X | default('it\\'s "x" \\\\') }}`, [{ variable: 'X', fallback: `it's "x" \\` }]],
  [`{{ env.X | default("say \\"a\\"") }}`, [{ variable: 'X', fallback: 'say "a"' }]],
  [`{{ env.X | default('C:\\new') }}`, [{ variable: 'X', fallback: 'C:\\new' }]],
  [`{{ env.X | default('a|b') }}`, [{ variable: 'X', fallback: 'a|b' }]],
  [`{{ env.X | default('line\nline') }}`, [{ variable: 'X', fallback: 'line\nline' }]],
  ['{{ env.X | default(100) }}', [{ variable: 'X', fallback: '100' }]],
  ['{{ env.X | default(-1.50) }}', [{ variable: 'X', fallback: '-1.50' }]],
  ['{{ env.X | default(true) }}', [{ variable: 'X', fallback: 'true' }]],
  [
    `{{ env.X | default(${'"'}${'x'.repeat(2000)}${'"'}) }}`,
    [{ variable: 'X', fallback: 'x'.repeat(2000) }]
  ],
  ['{{\n  env.A\n}}', [{ variable: 'A', fallback: null }]],
  ['}} {{ env.A }} }}', ['}} ', { variable: 'A', fallback: null }, ' }}']],
  ['{{ env.X | default(env.Y) }}', { expression: 'env.X | default(env.Y)' }],
  [`{{ env.X | default('a }}`, { expression: `env.X | default('a` }],
  [`{{ env.X | default('a') | upper }}`, { expression: `env.X | default('a') | upper` }],
  ['{{ env.A-B }}', { expression: 'env.A-B' }],
  ['{{ env.1A }}', { expression: 'env.1A' }],
  ['{{ env }}', { expression: 'env' }],
  ['{{ dtx }}', { expression: 'dtx' }],
  ['{{ DT }}', { expression: 'DT' }],
  ['{{{ env.A }}}', { expression: '{ env.A' }],
  [`{{ env.A ${'x'.repeat(200)}`, { expression: `env.A ${'x'.repeat(94)}` }]
] as const) {
  test(`C20 the template ${JSON.stringify(text)} is read, or its expression is named`, () => {
    assert.deepEqual(withoutPlace(readTemplate(text, 'inputs.a.url')), expected)
  })
}
