import assert from 'node:assert/strict'
import test from 'node:test'

import fc from 'fast-check'
import { Value } from 'typebox/value'

import type { FlowObject } from '../../service/objects/types.ts'
import { readFlowObjects } from '../../service/protocol/read-flow-objects.ts'
import { writeLoadResult } from '../../service/protocol/object-data.ts'
import type { RequestObject } from '../../service/protocol/schemas.ts'
import { ObjectDataResponse, ResponseObject } from '../../service/protocol/schemas.ts'
import { startWriting } from '../../service/protocol/write-flow-objects.ts'

/** Any text: with quotes, controls, halves of characters; and names that come again. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)) }),
  fc.constantFrom('', 'id', 'ID', '__proto__', '"', '\\', '\u2028', '\ud800', '\udc00x')
)
const textOrNull = fc.option(text)

const { object: flowObject } = fc.letrec<{ object: FlowObject }>(tie => ({
  object: fc.record({
    externalId: fc.option(fc.string({ minLength: 1 })),
    internalId: fc.option(fc.string({ minLength: 1 })),
    developerName: text,
    order: fc.oneof(fc.nat(), fc.maxSafeInteger(), fc.constantFrom(-0, 1e21)),
    properties: fc.array(
      fc.record({
        developerName: text,
        contentType: fc.oneof(fc.constantFrom('ContentString', 'ContentNumber'), textOrNull),
        contentValue: textOrNull,
        objectData: fc.option(fc.array(tie('object'), { maxLength: 2 }), { freq: 2 })
      }),
      { maxLength: 4 }
    )
  })
}))

/** The text of objects, written to the end. */
function textOf(objects: readonly FlowObject[]): string {
  const writer = startWriting(objects)
  while (!writer.step());
  return Buffer.concat(writer.pieces).toString()
}

/** What the wire says of an object. */
function wireObject(object: FlowObject): object {
  const { internalId, externalId, developerName, order, properties } = object
  return {
    internalId,
    externalId: externalId ?? internalId ?? `${developerName} ${order}`,
    developerName,
    typeElementId: null,
    order,
    isSelected: false,
    properties: properties.map(property => ({
      typeElementPropertyId: null,
      developerName: property.developerName,
      contentType: property.contentType,
      contentFormat: null,
      contentValue: property.contentValue,
      objectData: property.objectData?.map(wireObject) ?? null
    }))
  }
}

test('objects are written as the serialiser of the language writes them', () => {
  fc.assert(
    fc.property(fc.array(flowObject, { maxLength: 3 }), objects => {
      assert.equal(textOf(objects), JSON.stringify(objects.map(wireObject)))
    }),
    { seed: 7, numRuns: 500 }
  )
})

test('an answer of any objects fits the platform, and holds what they hold', () => {
  const result = fc.record(
    { objects: fc.array(flowObject), hasMoreResults: fc.boolean(), offsetToken: text },
    { requiredKeys: ['objects', 'hasMoreResults'] }
  )
  fc.assert(
    fc.property(result, given => {
      const answer = JSON.parse(writeLoadResult(given).toString())
      assert.ok(Value.Check(ObjectDataResponse, answer))
      assert.deepEqual(answer.objectData, JSON.parse(JSON.stringify(given.objects.map(wireObject))))
      assert.equal(answer.offsetToken, given.offsetToken)
    }),
    { seed: 7 }
  )
})

test('V7 a list that is frozen is written once, and each answer has its own token', () => {
  const objects = Object.freeze([leaf('a')])
  const tokens = ['north', 'é"', undefined]
  const answers = tokens.map(offsetToken =>
    writeLoadResult({
      objects,
      hasMoreResults: true,
      ...(offsetToken !== undefined && { offsetToken })
    })
  )
  const parsed = answers.map(bytes => JSON.parse(bytes.toString()))
  assert.deepEqual(
    parsed.map(answer => answer.offsetToken),
    tokens
  )
  const expected = JSON.stringify(objects.map(wireObject))
  for (const { objectData } of parsed) assert.equal(JSON.stringify(objectData), expected)
  assert.equal(writeLoadResult({ objects, hasMoreResults: true }), answers[2])
})

test('objects that are nested as deep as a request may nest them are written', () => {
  let object: FlowObject = leaf('0')
  for (let depth = 1; depth < 500; depth++) {
    object = { ...leaf(String(depth)), properties: [property('inner', [object])] }
  }
  assert.equal(textOf([object]), JSON.stringify([wireObject(object)]))
})

test('a property that comes again under another content type is written with its own', () => {
  const objects = ['ContentString', null, 'ContentString'].map(contentType => ({
    ...leaf('1'),
    properties: [{ ...property('same', null), contentType }]
  }))
  assert.equal(textOf(objects), JSON.stringify(objects.map(wireObject)))
})

test('an object that has no external id comes back with one that is read as none', () => {
  const object = { ...leaf(null), internalId: 'i-1' }
  const [written] = readBack(textOf([object]))
  assert.equal(written?.externalId, 'i-1')
  assert.equal(readFlowObjects([requestObject(written)], 'Asset', '')[0]?.externalId, null)
  assert.equal(readBack(textOf([leaf(null)]))[0]?.externalId, 'Asset 0')
})

function leaf(externalId: string | null): FlowObject {
  return { externalId, internalId: null, developerName: 'Asset', order: 0, properties: [] }
}

function property(developerName: string, objectData: readonly FlowObject[] | null) {
  return { developerName, contentType: 'ContentObject', contentValue: null, objectData }
}

function readBack(written: string): ResponseObject[] {
  const objects: unknown[] = JSON.parse(written)
  return objects.map(object => Value.Parse(ResponseObject, object))
}

/** A flow sends back what it was given. */
function requestObject(given: ResponseObject | undefined): RequestObject {
  const { internalId = null, externalId = null } = given ?? {}
  return { internalId, externalId }
}

test('H2 long lists inside of objects are written in pieces, in their places', () => {
  const leafs = (count: number, text: string): FlowObject[] =>
    Array.from({ length: count }, (_, order) => ({ ...leaf(`${text}${order}`), order }))
  const holding = (...lists: FlowObject[][]): FlowObject => ({
    ...leaf('x'),
    properties: lists.map((objectData, index) => ({
      developerName: `list ${index}`,
      contentType: 'ContentList',
      contentValue: index === 1 ? 'é"' : null,
      objectData
    }))
  })
  const deep = holding(leafs(501, 'ä'), [holding(leafs(2_000, 'b'), [], leafs(3, 'c'))])
  const objects = [...leafs(1_500, 'd'), deep, ...leafs(2, 'e'), holding(leafs(600, 'f'))]
  assert.equal(textOf(objects), JSON.stringify(objects.map(wireObject)))
  const writer = startWriting(objects)
  let steps = 1
  while (!writer.step()) steps++
  assert.ok(steps > 3, `${steps} steps`)
})
