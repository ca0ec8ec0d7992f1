import assert from 'node:assert/strict'
import test from 'node:test'

import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'

import type { TypeRecord } from '../../service/model/type-record.ts'
import type { ConnectorDescription } from '../../service/operations/types.ts'
import * as describe from '../../service/protocol/describe.ts'
import {
  DescribeServiceResponse,
  InstallResponse,
  PreviewResponse
} from '../../service/protocol/schemas.ts'
import { propertyRecord, typeRecord } from '../support/describe-records.ts'

const typesText = (...types: readonly TypeRecord[]) => Buffer.from(describe.describeTypes(types))

const isPlain = (piece: describe.JsonPieces[number]) => piece instanceof Uint8Array

/** What an answer says, which must fit its schema. */
function answer<T extends TSchema>(schema: T, pieces: describe.JsonPieces): Static<T> {
  return Value.Parse(schema, JSON.parse(Buffer.concat(pieces.filter(isPlain)).toString()))
}
const writeDescription = (given: ConnectorDescription) =>
  answer(DescribeServiceResponse, describe.writeDescription(given))
const writeInstallation = (given: ConnectorDescription) =>
  answer(InstallResponse, describe.writeInstallation(given))
const writePreview = (given: ConnectorDescription) =>
  answer(PreviewResponse, describe.writePreview({ ...given, mappings: [] }))

const description: ConnectorDescription = {
  providesIdentity: true,
  configurationValues: [
    { name: 'Schema URL', content: 'ContentString', required: true, default: null },
    { name: 'API Key', content: 'ContentPassword', required: false, default: null },
    { name: 'Responses', content: 'ContentString', required: false, default: 'live' }
  ],
  types: typesText(
    typeRecord('Person', [propertyRecord('Name')]),
    typeRecord(
      'Asset',
      [
        propertyRecord('ID'),
        propertyRecord('Keeper', {
          content: 'ContentObject',
          value: { form: 'object', type: 'Person' }
        }),
        propertyRecord('Bought At', { content: 'ContentDateTime' }),
        propertyRecord('Tags', {
          content: 'ContentList',
          value: { form: 'map', type: 'Asset:Tags' }
        })
      ],
      { summary: 'A tracked piece', mappings: { query: 'query:Asset' } }
    ),
    typeRecord('Asset:Tags', [propertyRecord('Key'), propertyRecord('Value')])
  ),
  diagnostics: [
    {
      code: 'X',
      severity: 'warning',
      message: 'm',
      remedy: 'r',
      pointer: '/a',
      line: 1,
      column: 2,
      file: 'f'
    }
  ]
}

test('J02 the service describes its own configuration values, with both names of flag and position', () => {
  const answer = writeDescription(description)
  assert.ok(Value.Check(DescribeServiceResponse, answer))
  assert.deepEqual(answer.configurationValues[0], {
    developerName: 'Schema URL',
    contentType: 'ContentString',
    contentValue: null,
    typeElementDeveloperName: null,
    isRequired: true,
    required: true,
    order: 0,
    ordinal: 0
  })
  assert.deepEqual(
    answer.configurationValues.map(value => [
      value.developerName,
      value.contentType,
      value.contentValue,
      value.required,
      value.ordinal
    ]),
    [
      ['Schema URL', 'ContentString', null, true, 0],
      ['API Key', 'ContentPassword', null, false, 1],
      ['Responses', 'ContentString', 'live', false, 2]
    ]
  )
})

test('J02 the flags say what the service can do', () => {
  const flags = Object.entries(writeDescription(description)).filter(([name]) =>
    name.startsWith('provides')
  )
  assert.equal(flags.length, 12)
  assert.deepEqual(
    flags.filter(([, value]) => value === true),
    [
      ['providesDatabase', true],
      ['providesIdentity', true]
    ]
  )
  const without = writeDescription({ ...description, providesIdentity: false })
  assert.equal(without.providesIdentity, false)
  assert.ok(flags.every(([, value]) => typeof value === 'boolean'))
})

test('vector 2: types are sorted by name, their properties keep the order of the document', () => {
  const { typeElements } = writeDescription(description).install
  assert.deepEqual(
    typeElements.map(({ developerName }) => developerName),
    ['Asset', 'Asset:Tags', 'Person']
  )
  assert.deepEqual(
    typeElements[0]?.properties.map(property => [
      property.developerName,
      property.contentType,
      property.typeElementDeveloperName
    ]),
    [
      ['ID', 'ContentString', null],
      ['Keeper', 'ContentObject', 'Person'],
      ['Bought At', 'ContentDateTime', null],
      ['Tags', 'ContentList', 'Asset:Tags']
    ]
  )
})

test('vector 2: a type with a mapping has one binding, named as the type and its properties are', () => {
  const [asset, tags, person] = writeDescription(description).install.typeElements
  assert.deepEqual(tags?.bindings, [])
  assert.deepEqual(person?.bindings, [])
  assert.equal(asset?.bindings.length, 1)
  const [binding] = asset?.bindings ?? []
  assert.equal(binding?.databaseTableName, 'Asset')
  assert.equal(binding?.developerSummary, 'A tracked piece')
  assert.deepEqual(
    binding?.propertyBindings.map(bound => [
      bound.databaseFieldName,
      bound.typeElementPropertyDeveloperName
    ]),
    asset?.properties.map(({ developerName }) => [developerName, developerName])
  )
})

test('vector 2: the install answer repeats the types where older platforms look', () => {
  const answer = writeInstallation(description)
  assert.ok(Value.Check(InstallResponse, answer))
  assert.deepEqual(answer.types, answer.install.typeElements)
  assert.deepEqual(answer.typeElements, answer.install.typeElements)
  assert.deepEqual(answer.install, writeDescription(description).install)
})

test('J01 a preview shows the types and the diagnostics', () => {
  const answer = writePreview(description)
  assert.ok(Value.Check(PreviewResponse, answer))
  assert.deepEqual(answer.types, writeDescription(description).install.typeElements)
  assert.deepEqual(answer.diagnostics, description.diagnostics)
})
