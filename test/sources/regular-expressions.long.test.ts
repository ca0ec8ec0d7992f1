import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, test } from 'node:test'
import { Worker } from 'node:worker_threads'

import type { Node } from 'typescript/unstable/ast'
import {
  isIdentifier,
  isNewExpression,
  isPropertyAssignment,
  isRegularExpressionLiteral,
  isStringLiteral
} from 'typescript/unstable/ast'

import type { Placed } from './feed-expressions.ts'
import { readServiceSources } from './service-sources.ts'

/** The expressions that files make at run time, one for each `new RegExp`. */
const MADE: { readonly [file: string]: readonly RegExp[] } = {
  // Made of the `pattern` of forms, which are tried themselves.
  'base/violations.ts': [/^x$/u],
  'cli/run/s3-xml.ts': [/<Key>([^<]{1,20000})<\/Key>/g],
  'compiler/endpoint/parameter-range.ts': [
    /\b(0|zero)[ -]?(based|indexed|index|origin)\b|\b(starts?|counted) (at|from|with) (page )?(0|zero)\b|\bfirst page (is|has|=|being) (number |index )?(0|zero)\b|\b(0|zero) (is|=|being|for|means) (the )?first\b|\((0|zero)\.\./
  ],
  // Only compiled, to see whether the pattern of a document is one.
  'compiler/example/made-pattern.ts': [/^x$/, /^[a-z]$/],
  // Patterns of documents, which `made-pattern.ts` bounds, in a process with a limit on time.
  'exchange/made/write-text.ts': [/^x$/u, /^x$/],
  'objects/external-id.ts': [/^f10e1d00-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i],
  // A copy of an expression of that file, with a place of its own.
  'parse/find-positions.ts': [/x/],
  'plugins/door.ts': [
    /^\/+flow\/+base\/+k\/+(?<token>[^/?#]+)(?<path>.*)$/,
    /^((?:\/+flow\/+base)?\/+k\/+)[^/?#]+/i
  ]
}

/** How long one expression may be tried before it counts as endless (ms). */
const ENDLESS_MS = 60_000

const sources = readServiceSources()
after(() => sources.close())

/** Tries expressions in a thread, which ends with the first that does not end. */
async function faultsOf(expressions: readonly Placed[], endlessMs = ENDLESS_MS): Promise<string[]> {
  const worker = new Worker(new URL('./feed-expressions.ts', import.meta.url), {
    workerData: expressions
  })
  const faults: string[] = []
  let tried = 'the thread'
  let timer: NodeJS.Timeout | undefined
  worker.on('message', (message: { readonly tried?: string; readonly fault?: string }) => {
    if (message.fault !== undefined) faults.push(message.fault)
    if (message.tried === undefined) return
    tried = message.tried
    clearTimeout(timer)
    timer = setTimeout(() => {
      faults.push(`${tried} does not end`)
      void worker.terminate()
    }, endlessMs)
  })
  await once(worker, 'exit')
  clearTimeout(timer)
  return faults
}

function literal(text: string): RegExp {
  const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? []
  return new RegExp(source, flags)
}

function makesExpression(node: Node): boolean {
  return isNewExpression(node) && isIdentifier(node.expression) && node.expression.text === 'RegExp'
}

test('H4 no regular expression of the service takes long for any repetition of its own characters, up to 1 MB', async () => {
  const literals = sources.nodes(isRegularExpressionLiteral)
  assert.ok(literals.length > 150)
  const patterns = sources.nodes(isPropertyAssignment).flatMap(({ node, place }) => {
    const { name, initializer } = node
    const isPattern = isIdentifier(name) && name.text === 'pattern' && initializer !== undefined
    return isPattern && isStringLiteral(initializer)
      ? [{ place, expression: new RegExp(initializer.text, 'u') }]
      : []
  })
  assert.ok(patterns.length > 3)
  const made = Object.entries(MADE).flatMap(([place, expressions]) =>
    expressions.map(expression => ({ place, expression }))
  )
  const placed = literals.map(({ node, place }) => ({ place, expression: literal(node.text) }))
  const faults = await faultsOf([...placed, ...patterns, ...made])
  assert.deepEqual(faults, [])
})

test('H4 every expression that is made at run time is tried by an example', () => {
  const places = sources.nodes((node): node is Node => makesExpression(node))
  const files = places.map(({ place }) => place.replace(/:\d+$/, ''))
  assert.deepEqual(
    files.toSorted(),
    Object.entries(MADE)
      .flatMap(([file, expressions]) => expressions.map(() => file))
      .toSorted()
  )
})

test('H4 expressions that backtrack are found, with their places', async () => {
  const bad = [
    /^(a+)+$/,
    /\.+$/,
    /^(\w+\s?)*$/,
    /-----BEGIN.*?-----END/s,
    /<([^>]*)>/g,
    /(x+x+)+y/,
    /^x-(?:a|a)*$/,
    /^\d{4}: .*,.*;$/
  ]
  const faults = await faultsOf(
    bad.map((expression, index) => ({ place: `bad-${index}.ts:1`, expression }))
  )
  assert.deepEqual(
    faults.map(fault => fault.split(' ', 1)[0]),
    bad.map((_, index) => `bad-${index}.ts:1`)
  )
})

test('H4 an expression that does not end is found, and the thread that tries it is ended', async () => {
  const endless = { place: 'endless.ts:1', expression: /^(?:(?:a+)+)+(?:(?:a+)+)+\d$/ }
  assert.deepEqual(await faultsOf([endless], 300), ['endless.ts:1 does not end'])
})
