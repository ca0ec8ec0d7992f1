import assert from 'node:assert/strict'
import { test } from 'node:test'

import fc from 'fast-check'

import { createRedaction } from '../../service/exchange/redaction.ts'

/** Makes the redaction of a call with one credential, in the query. */
function redactionOf(secret: string): (text: string) => string {
  const query = [['key', secret]] as const
  return createRedaction({
    headers: {},
    secrets: [],
    credential: { headers: {}, query, cookies: [] }
  })
}

const units = (text: string) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
const hex = (code: number, length: number) => code.toString(16).padStart(length, '0')
const percent = (text: string) => [...Buffer.from(text)].map(byte => `%${hex(byte, 2)}`).join('')
const json = (text: string) => JSON.stringify(text).slice(1, -1)
const html = (text: string) =>
  text.replace(/[&<>"']/g, sign => `&#${sign.charCodeAt(0)};`).replaceAll('&#38;', '&amp;')

/** Encodings in which APIs repeat what they were sent. */
const ENCODINGS: { readonly [name: string]: (text: string) => string } = {
  'as it is': text => text,
  'JSON with escapes of all characters': text =>
    units(text)
      .map(unit => `\\u${hex(unit, 4)}`)
      .join(''),
  'JSON with slashes escaped': text => json(text).replaceAll('/', '\\/'),
  'JSON of Go': text =>
    json(text).replace(/[&<>]/g, sign => `\\u00${hex(sign.charCodeAt(0), 2).toUpperCase()}`),
  'JavaScript with braces': text =>
    [...text].map(one => `\\u{${hex(one.codePointAt(0) ?? 0, 1)}}`).join(''),
  'Python bytes': text =>
    [...Buffer.from(text)]
      .map(byte => (byte < 0x80 ? `\\x${hex(byte, 2)}` : `%${hex(byte, 2)}`))
      .join(''),
  'HTML by name': html,
  'HTML by number': text => [...text].map(one => `&#${one.codePointAt(0)};`).join(''),
  'HTML in hex': text => [...text].map(one => `&#X${hex(one.codePointAt(0) ?? 0, 4)};`).join(''),
  'percent-encoded, all of it': percent,
  'percent-encoded as RFC 3986': text =>
    encodeURIComponent(text).replace(/[!'()*]/g, sign => percent(sign).toUpperCase()),
  'a form': text => new URLSearchParams({ k: text }).toString().slice(2),
  'escape of JavaScript': text => globalThis.escape(text),
  base64: text => Buffer.from(text).toString('base64'),
  'base64 of URLs': text => Buffer.from(text).toString('base64url'),
  'base64 of a login': text => Buffer.from(`user:${text}`).toString('base64'),
  'base64 of a line': text => Buffer.from(`k=${text}\n`).toString('base64'),
  hex: text => Buffer.from(text).toString('hex'),
  'hex in capitals': text => Buffer.from(text).toString('hex').toUpperCase(),
  'capital letters': text => text.toUpperCase(),
  'small letters': text => text.toLowerCase(),
  'the first 14 characters': text => text.slice(0, 14),
  'the last 13 characters': text => text.slice(-13),
  'twelve in the middle': text => text.slice(2, 14)
}

/** Encodings of a text that is encoded already. */
const OUTER = [
  'JSON with slashes escaped',
  'HTML by name',
  'percent-encoded as RFC 3986',
  'HTML by number'
]

const SECRETS = [
  "s3c&r<e>t'k!(ey)*/4711~é",
  'pa ss+wörd %2F "quoted" \\ back',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.s-Q_x',
  '🔑 über-schlüssel 🔒 4711',
  'AKIA%20IOSFODNN7&amp;EXAMPLE'
]

/** What base64 may leave at its ends, where a character depends on what stands beside it, and its padding. */
const BASE64_LEFT_MAX = 12

for (const [name, encode] of Object.entries(ENCODINGS)) {
  test(`H13 a secret is masked in an answer that repeats it as ${name}, and nothing else is`, () => {
    for (const secret of SECRETS) {
      const redact = redactionOf(secret)
      for (const outer of [null, ...OUTER]) {
        const given = outer === null ? encode(secret) : (ENCODINGS[outer]?.(encode(secret)) ?? '')
        const masked = redact(`{"error": "no key <${given}> here", "at": 1}`)
        assert.match(masked, /\*\*\*/, `${outer} ${given}`)
        const left = masked.slice('{"error": "no key <'.length, -'> here", "at": 1}'.length)
        const characters = left.replace('***', '').replace(/&#\d+;/g, '.').length
        assert.ok(characters <= (name.startsWith('base64') ? BASE64_LEFT_MAX : 0), masked)
        assert.ok(
          masked.startsWith('{"error": "no key <') && masked.endsWith('> here", "at": 1}'),
          masked
        )
      }
    }
  })
}

test('H13 no run of 12 characters of a secret is left, however its encodings are nested', () => {
  const inner = [
    'as it is',
    'JSON with escapes of all characters',
    'HTML by name',
    'percent-encoded, all of it'
  ]
  const character = fc.constantFrom(...'abcXYZ019 &<>"\'\\/%+;#ußéЖ漢\n\u0001')
  const encoding = fc.constantFrom(...inner, ...OUTER, 'HTML in hex', 'JSON of Go')
  fc.assert(
    fc.property(
      fc.string({ minLength: 12, maxLength: 40, unit: character }),
      fc.array(encoding, { maxLength: 3 }),
      fc.nat(8),
      (secret, encodings, cut) => {
        const part = secret.slice(Math.min(cut, secret.length - 12))
        const given = encodings.reduce((text, name) => ENCODINGS[name]?.(text) ?? '', part)
        const masked = redactionOf(secret)(`before |${given}| after`)
        assert.match(masked, /^before \|\*\*\*\| after$/, `${secret} as ${given}`)
      }
    ),
    { numRuns: 300 }
  )
})

test('H13 what looks like a part of a secret, and is less than 12 characters of it, stays', () => {
  const redact = redactionOf('north-west-4711-token')
  const text = 'no token at north-west, 4711-token is gone &amp; %6eorth \\u006eorth'
  assert.equal(redact(text), text)
  assert.equal(redact('x north-west-4 y'), 'x *** y')
})

test('H13 the name of a scheme and the user name of a login are no secrets', () => {
  const authorization = `Basic ${Buffer.from('demo@example.com:pass word 1').toString('base64')}`
  const redact = createRedaction({
    headers: { authorization: 'Bearer abcdefghijklmnop' },
    secrets: [],
    credential: { headers: { authorization }, query: [], cookies: [] }
  })
  assert.equal(
    redact('Bearer token of demo@example.com: pass+word+1 or ABCDEFGHIJKLMNOP'),
    'Bearer token of demo@example.com: *** or ***'
  )
})

test('H13 H21 masking takes linear time, of the first 64 K characters alone', () => {
  const secret = 'a'.repeat(8_000)
  for (const repeated of ['a', '%61', '%2561', '\\', '\\u0061', '&#97;', '&amp;', 'YWFh', '61']) {
    const text = repeated.repeat(4_000_000 / repeated.length)
    const start = process.cpuUsage()
    const masked = redactionOf(secret)(text)
    const { user } = process.cpuUsage(start)
    assert.ok(masked.length <= 65_536)
    assert.ok(user < 1_000_000, `${repeated}: ${user} µs`)
  }
})
