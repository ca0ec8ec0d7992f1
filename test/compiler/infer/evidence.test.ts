import assert from 'node:assert/strict'
import { test } from 'node:test'

import { pathShape } from '../../../service/compiler/infer/path-shape.ts'
import { answers, listOf, propose, ref } from './propose.ts'

const PET =
  'Pet: { type: object, properties: { id: { type: integer }, name: { type: string }, petCode: { type: string } } }'

/** What is proposed for one collection with an item. */
function petsOf(
  list: string,
  given: { item?: string; parameter?: string; parameters?: string } = {}
) {
  const { item = ref('Pet'), parameter = 'petId', parameters = '' } = given
  const more = parameters === '' ? '' : `parameters: [${parameters}]`
  const paths = `
/pets:
  get: ${answers(list, 200, more)}
/pets/{${parameter}}:
  get: ${answers(item)}
`
  return propose(paths, PET).resources[0]
}

const holding = (members: string): string => `{ type: object, properties: { ${members} } }`
const PETS = listOf('Pet')

for (const [list, records] of [
  [PETS, ''],
  [
    holding(
      `pets: ${PETS}, sizes: { type: array, items: { type: object, properties: { a: { type: string } } } }`
    ),
    'pets'
  ],
  [holding(`data: ${PETS}, next: { type: string }, has_more: { type: boolean }`), 'data'],
  [holding(`anything: ${PETS}`), 'anything'],
  [
    holding(
      `anything: ${PETS}, total: { type: integer }, paging: { type: object, properties: { next: { type: string } } }`
    ),
    'anything'
  ],
  [
    holding(`_embedded: ${holding(`animals: ${PETS}`)}, _links: { type: object }`),
    '_embedded.animals'
  ],
  [holding(`data: ${holding(`items: ${PETS}, total: { type: integer }`)}`), 'data.items'],
  [`{ allOf: [${holding('total: { type: integer }')}, ${holding(`items: ${PETS}`)}] }`, 'items']
] as const) {
  test(`B19 the objects of a list are at "${records}" of ${list.slice(0, 90)}`, () => {
    assert.equal(petsOf(list)?.query?.records, records)
  })
}

for (const list of [
  '{ type: array, items: { type: string } }',
  holding('names: { type: array, items: { type: string } }'),
  `{ oneOf: [${PETS}, ${ref('Pet')}] }`,
  holding(`links: ${PETS}, color: { type: string }`),
  holding(`id: { type: string }, friends: ${PETS}, color: { type: string }`),
  holding(`one: ${PETS}, other: ${PETS}, color: { type: string }`)
]) {
  test(`an answer is no list without evidence: ${list.slice(0, 100)}`, () => {
    assert.equal(petsOf(list)?.query, null)
  })
}

for (const [parameter, schema, id] of [
  ['petId', 'petId: { type: string }, id: { type: string }', 'petId'],
  ['pet_id', 'PetID: { type: string }', 'PetID'],
  ['petId', 'id: { type: string }', 'id'],
  ['id', 'petId: { type: string }', 'petId'],
  ['petCode', 'code: { type: string }, name: { type: string }', 'code'],
  ['accountSid', 'sid: { type: string }', 'sid'],
  ['idOrName', 'name: { type: string }, id: { type: string }', 'id'],
  ['name', 'metadata: { type: object, properties: { name: { type: string } } }', 'metadata.name'],
  ['pet', 'uuid: { type: string }', 'uuid'],
  ['ownerName', 'id: { type: string }, color: { type: string }', null]
] as const) {
  test(`the id of {${parameter}} among ${schema} is ${id}`, () => {
    const object = holding(`${schema}, other: { type: number }`)
    const list = `{ type: array, items: ${object} }`
    assert.equal(petsOf(list, { parameter, item: object })?.id, id)
  })
}

for (const [item, record] of [
  [ref('Pet'), ''],
  [holding(`data: ${ref('Pet')}`), 'data'],
  [holding(`pet: ${ref('Pet')}, status: { type: string }`), 'pet'],
  [holding(`result: ${holding(`pet: ${ref('Pet')}`)}, success: { type: boolean }`), 'result.pet'],
  [holding(`id: { type: string }, data: { type: object, properties: { a: { type: string } } }`), '']
] as const) {
  test(`the object of a load is at "${record}" of ${item.slice(0, 80)}`, () => {
    assert.equal(petsOf(PETS, { item })?.load?.record, record)
  })
}

const query = (...names: string[]): string =>
  names
    .map(
      name =>
        `{ name: ${name}, in: query, schema: { type: ${/cursor|Token/.test(name) ? 'string' : 'integer'} } }`
    )
    .join(', ')

for (const [parameters, list, type, position] of [
  [query('limit', 'offset'), PETS, 'offset', 'offset'],
  [query('page', 'per_page'), PETS, 'page', 'page'],
  [
    query('cursor', 'limit'),
    holding(`data: ${PETS}, next_cursor: { type: string }`),
    'cursor',
    'cursor'
  ],
  [
    query('pageToken', 'maxResults'),
    holding(`pets: ${PETS}, nextPageToken: { type: string }`),
    'cursor',
    'pageToken'
  ],
  [query('limit'), holding(`pets: ${PETS}, next: { type: string, format: uri }`), 'next_link', null]
] as const) {
  test(`E16 a list with ${parameters.replaceAll(/[{}]/g, '')} is paged by ${type}`, () => {
    const { pagination } = petsOf(list, { parameters }) ?? {}
    assert.deepEqual([pagination?.type, pagination?.positionParam], [type, position])
  })
}

for (const parameters of [
  query('limit'),
  query('since'),
  query('before'),
  query('cursor', 'limit')
]) {
  test(`E16 ${parameters.replaceAll(/[{}]/g, '')} alone is no paging`, () => {
    assert.equal(petsOf(PETS, { parameters })?.pagination, null)
  })
}

test('what is declared comes before names: x-ms-pageable, x-speakeasy-pagination, a header Link', () => {
  const list = holding(
    `things: ${PETS}, more: { type: array, items: ${ref('Pet')} }, link: { type: string }`
  )
  const declared = (more: string) =>
    propose(
      `
/pets:
  get: ${answers(list, 200, more)}
/pets/{id}:
  get: ${answers(ref('Pet'))}
`,
      PET
    ).resources[0]
  const microsoft = declared('x-ms-pageable: { nextLinkName: link, itemName: things }')
  assert.deepEqual(
    [microsoft?.query?.records, microsoft?.pagination?.type, microsoft?.pagination?.nextField],
    ['things', 'next_link', 'link']
  )
  const speakeasy = declared(
    'x-speakeasy-pagination: { type: cursor, inputs: [{ name: after, in: parameters, type: cursor }], outputs: { results: $.more, nextCursor: $.link } }'
  )
  assert.deepEqual(
    [speakeasy?.query?.records, speakeasy?.pagination?.type, speakeasy?.pagination?.positionParam],
    ['more', 'cursor', 'after']
  )
  const link = `{ responses: { "200": { description: ok, headers: { Link: { schema: { type: string } } }, content: { application/json: { schema: ${PETS} } } } } }`
  const header = propose(`\n/pets:\n  get: ${link}\n`, PET).resources[0]
  assert.equal(header?.pagination?.type, 'link_header')
})

for (const [path, key, parameter] of [
  ['/api/v2/users/{id}', 'user', 'id'],
  ['/users/{id}.json', 'user', 'id'],
  ['/Users({id})', 'user', 'id'],
  ["/odata/Users('{Key}')/", 'user', 'Key'],
  ['/user_accounts/list', 'useraccount', null],
  ['/me/playlists', '{}/playlist', null],
  ['/users/{user_id}/playlists', 'user/{}/playlist', null],
  ['/statuses/{id}', 'status', 'id'],
  ['/v1/{topic}', 'v1/{}:topic', 'topic'],
  ['/pets/{id}:cancel', 'pet/{}', null]
] as const) {
  test(`the path ${path} means the collection ${key}`, () => {
    const shape = pathShape(path)
    assert.deepEqual([shape.key, shape.itemParameter], [key, parameter])
  })
}
