import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const STYLES = new URL('../../service/console/styles/', import.meta.url)

/** A style sheet of the page, with the selectors of its rules. */
type Sheet = {
  readonly name: string
  readonly isOfView: boolean
  readonly selectors: readonly string[]
}

const sheets = readdirSync(STYLES).map(name =>
  readSheet(name, readFileSync(new URL(name, STYLES), 'utf8'))
)

function readSheet(name: string, text: string): Sheet {
  const rules = text.replaceAll(/\/\*[^*]*\*\//g, '').matchAll(/([^{};]+)\{/g)
  const preludes = [...rules].map(([, prelude = '']) => prelude.trim())
  return {
    name,
    isOfView: preludes.includes('@layer views'),
    selectors: preludes
      .filter(prelude => !prelude.startsWith('@'))
      .flatMap(prelude => prelude.split(/,\s*(?![^(]*\))/))
  }
}

function classesOf(selectors: readonly string[]): string[] {
  return selectors.flatMap(selector => selector.match(/(?<=\.)[a-zA-Z][\w-]*/g) ?? [])
}

/** Selectors of a view's sheet without a class that is styled by that sheet alone. */
function strayIn(sheets: readonly Sheet[]): string[] {
  return sheets
    .filter(({ isOfView }) => isOfView)
    .flatMap(sheet => {
      const others = classesOf(sheets.flatMap(each => (each === sheet ? [] : each.selectors)))
      const isStray = (selector: string) =>
        classesOf([selector]).every(name => others.includes(name))
      return sheet.selectors.filter(isStray).map(selector => `${sheet.name}: ${selector}`)
    })
}

test('each rule of a view is for that view alone, as all views share a layer', () => {
  assert.ok(sheets.filter(({ isOfView }) => isOfView).length >= 8)
  assert.deepEqual(strayIn(sheets), [])
})

test('a rule for a class of two views, of a part or of every element is found', () => {
  const found = strayIn([
    readSheet(
      'a.css',
      '@layer views { .row { color: red } .a-row .button, .a-row > h2 { margin: 0 } }'
    ),
    readSheet(
      'b.css',
      '@layer views { .row:hover, .b, h2 { margin: 0 } @media (width < 9rem) { .button { gap: 0 } } }'
    ),
    readSheet('parts.css', '@layer parts { .button { margin: 0 } }')
  ])
  assert.deepEqual(found, ['a.css: .row', 'b.css: .row:hover', 'b.css: h2', 'b.css: .button'])
})
