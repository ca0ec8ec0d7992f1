import assert from 'node:assert/strict'
import { stripVTControlCharacters } from 'node:util'
import { Readable } from 'node:stream'
import { test } from 'node:test'

import { renderDiagnostic } from '../../service/cli/check/render-diagnostic.ts'
import { createPaint } from '../../service/cli/paint.ts'
import type { Diagnostic } from '../../service/model/diagnostic.ts'

const DIAGNOSTIC: Diagnostic = {
  code: 'EXTENSION_UNKNOWN',
  severity: 'warning',
  message: '`x-flow\u001b[2J` is not an x-flow key',
  remedy: 'Correct the key.',
  pointer: '',
  line: 7,
  column: 3,
  file: 'notes.yaml'
}

const EXCERPT = { text: '  x-flow: {}', caret: 2 }

function paintOf(out: boolean, environment: { readonly [name: string]: string }) {
  return createPaint({
    out: () => {},
    write: async () => {},
    err: () => {},
    status: () => {},
    input: Readable.from([]),
    isShown: { out, err: out },
    environment,
    directory: '.',
    untilStopped: async () => 'SIGINT'
  })
}

test('J06 a person sees colors, a program and who does not want them none', () => {
  const plain = renderDiagnostic(DIAGNOSTIC, EXCERPT, paintOf(false, {}))
  assert.deepEqual(plain, [
    'notes.yaml:7:3 warning EXTENSION_UNKNOWN `x-flow [2J` is not an x-flow key',
    '    7 |   x-flow: {}',
    '      |   ^',
    '    Correct the key.'
  ])
  assert.deepEqual(renderDiagnostic(DIAGNOSTIC, EXCERPT, paintOf(true, { NO_COLOR: '1' })), plain)
  assert.deepEqual(renderDiagnostic(DIAGNOSTIC, EXCERPT, paintOf(true, { TERM: 'dumb' })), plain)
  const colored = renderDiagnostic(DIAGNOSTIC, EXCERPT, paintOf(true, {}))
  assert.notDeepEqual(colored, plain)
  assert.deepEqual(colored.map(stripVTControlCharacters), plain)
})

test('a diagnostic of a place that is not known is told without a line', () => {
  const [head, ...rest] = renderDiagnostic(DIAGNOSTIC, undefined, paintOf(false, {}))
  assert.match(head ?? '', /^notes\.yaml:7:3 /)
  assert.deepEqual(rest, ['    Correct the key.'])
})
