import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compileSchemas, installed } from '../../support/compile.ts'

/** The name of a member of this length. */
function long(letter: string, length: number): string {
  return letter.repeat(length)
}

test('M14 long names of derived types are shortened in the middle, and always alike', () => {
  const [a, b] = [long('a', 150), long('b', 150)]
  const inner = `{type: object, properties: {${b}: {type: object, properties: {x: {type: string}}}}}`
  const schemas = (before: string): string =>
    `T:\n  x-flow-type: {name: T}\n  properties: {${before}${a}: ${inner}}`
  const model = compileSchemas(schemas(''))
  const names = Object.keys(installed(model))
  const short = names.find(name => name.includes('…')) ?? ''
  assert.ok(short.length <= 250)
  assert.ok(short.startsWith(`T:${'a'.repeat(100)}`) && short.endsWith('b'.repeat(100)), short)
  assert.deepEqual(installed(model)[`T:${a}`], [`${b} ContentObject ${short}`])
  const [finding] = model.index.diagnostics
  assert.deepEqual([finding?.code, finding?.severity], ['NAME_SHORTENED', 'warning'])
  assert.ok(finding?.message.includes(short))
  assert.ok(
    Object.keys(installed(compileSchemas(schemas('other: {type: string}, ')))).includes(short)
  )
})

test('M14 names that differ in the middle alone stay apart', () => {
  const name = (middle: string): string => `${long('a', 130)}${middle}${long('c', 130)}`
  const nested = '{type: object, properties: {x: {type: string}}}'
  const model = compileSchemas(
    `T:\n  x-flow-type: {name: T}\n  properties: {${name('1')}: ${nested}, ${name('2')}: ${nested}}`
  )
  const types = Object.keys(installed(model))
  assert.equal(new Set(types).size, 3)
  assert.ok(types.every(type => type.length <= 250))
  const properties = model.types.T?.properties ?? []
  assert.deepEqual(
    properties.map(({ key }) => key),
    [name('1'), name('2')]
  )
  assert.ok(properties.every(property => property.name.length <= 250))
  assert.ok(model.index.diagnostics.every(({ code }) => code === 'NAME_SHORTENED'))
})

test('M14 types of values and choices with long names are shortened too', () => {
  const key = long('k', 240)
  const model = compileSchemas(
    `T:
  x-flow-type: {name: Thing}
  properties:
    ${key}: {type: string, enum: [a, b]}
    pay: {oneOf: [{title: ${long('t', 250)}, properties: {x: {type: string}}}, {properties: {y: {type: string}}}]}`
  )
  assert.ok(model.index.types.every(name => name.length <= 250))
  assert.ok(model.index.types.some(name => name.endsWith('k values') && name.includes('…')))
  assert.ok(model.types.Thing?.properties.every(({ name }) => name.length <= 250))
  const codes = new Set(model.index.diagnostics.map(({ code }) => code))
  assert.deepEqual([...codes], ['NAME_SHORTENED'])
})
