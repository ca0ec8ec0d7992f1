import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import type { FailureRecord } from '../../service/model/endpoint-record.ts'
import type { SentObject } from '../../service/objects/match-rows.ts'
import type { BatchAnswer } from '../../service/objects/read-rows.ts'
import { readRows } from '../../service/objects/read-rows.ts'
import { objectType, scalar } from '../support/type-record.ts'

const type = {
  ...objectType('Task', [scalar('id'), scalar('title'), scalar('effort', 'integer')], {
    candidates: [['id']]
  }),
  toldIds: ['taskid', 'id', 'newid', 'insertedid']
}

/** Three tasks without keys, and three that have some. */
const TASKS: readonly SentObject[] = ['a', 'b', 'c'].map(title => ({
  key: null,
  members: { title }
}))
const KEYED: readonly SentObject[] = ['A', 'B', 'C'].map(id => ({ key: id, members: { id } }))

const taken = { error: 'taken' }

/** What an answer says of each task: its id, `saved`, `failed: <reason>` or `unknown`; `refused` as a whole. */
function said(
  body: JsonValue | undefined,
  sent = TASKS,
  more: Partial<BatchAnswer> & { failure?: FailureRecord | 'never' } = {}
): string {
  const { failure = 'guessed', ...given } = more
  const answer = { status: 200, list: null, form: 'unknown', isRefused: false, ...given } as const
  const outcomes = readRows({ endpoint: { failure }, type }, sent, { body, ...answer })
  if (outcomes === null) return 'refused'
  return outcomes
    .map(outcome => {
      if (outcome.is !== 'saved') return [outcome.is, outcome.reason].filter(Boolean).join(': ')
      const { id } = Object(outcome.value) as { readonly id?: JsonValue }
      return String(id ?? outcome.id ?? 'saved')
    })
    .join(', ')
}

function table(
  rows: readonly (readonly [body: JsonValue, expected: string])[],
  sent = TASKS
): void {
  for (const [body, expected] of rows)
    assert.equal(said(body, sent), expected, JSON.stringify(body))
}

test('W9 rows are matched by position', () => {
  table([
    [[{ id: 1 }, { id: 2 }, { id: 3 }], '1, 2, 3'],
    [[{ id: 1 }, taken, { id: 3 }], '1, failed: taken, 3'],
    [[{ id: 1 }, null, { id: 3 }], '1, failed, 3'],
    [[true, false, true], 'saved, failed, saved'],
    [['ok', 'failed', 'created'], 'saved, failed: failed, saved'],
    [[{ id: 1 }, { id: 2 }], '1, 2, unknown'],
    [[{ id: 1 }], '1, unknown, unknown'],
    [[], 'unknown, unknown, unknown'],
    [{ results: [{ id: 1 }, { id: 2 }, { status: 'error' }] }, '1, 2, failed'],
    [{ data: { items: [{ id: 1 }, { id: 2 }] } }, '1, 2, unknown']
  ])
})

test('W9 rows are matched by their own index, from 0 or 1', () => {
  table([
    [
      {
        results: [
          { index: 2, id: 3 },
          { index: 0, id: 1 }
        ]
      },
      '1, unknown, 3'
    ],
    [
      {
        results: [
          { index: 3, id: 3 },
          { index: 1, ...taken }
        ]
      },
      'failed: taken, unknown, 3'
    ],
    [{ 0: { id: 1 }, 1: taken, 2: { id: 3 } }, '1, failed: taken, 3'],
    [{ errors: [{ index: 1, message: 'taken' }] }, 'unknown, failed: taken, unknown'],
    [
      { created: [{ id: 1 }, { id: 3 }], errors: [{ index: 1, message: 'taken' }] },
      '1, failed: taken, 3'
    ],
    [
      {
        created: [{ id: 1 }],
        errors: [
          { index: 1, message: 'x' },
          { index: 1, message: 'y' }
        ]
      },
      '1, failed: x, unknown'
    ],
    [{ errors: { 2: ['too long'] }, ids: [1, 2] }, '1, 2, failed: too long'],
    [
      {
        data: [{ id: 1 }, { id: 2 }],
        errors: [{ source: { pointer: '/data/2/title' }, detail: 'x' }]
      },
      '1, 2, failed: x'
    ],
    [
      { detail: 'x', errors: [{ loc: ['body', 0, 'title'], msg: 'y' }] },
      'failed: y, unknown, unknown'
    ],
    // An index that two rows have is a number of something else.
    [
      [
        { index: 1, id: 1 },
        { index: 1, id: 2 },
        { index: 1, id: 3 }
      ],
      '1, 2, 3'
    ]
  ])
})

test('W9 rows are matched by the keys of the objects', () => {
  table(
    [
      [{ items: [{ id: 'C' }, { id: 'A', ...taken }, { id: 'B' }] }, 'failed: taken, B, C'],
      [{ items: [{ id: 'C' }, { id: 'A', ...taken }] }, 'failed: taken, unknown, C'],
      [
        { A: { status: 201 }, B: { status: 409, message: 'taken' }, C: 'created' },
        'saved, failed: taken, saved'
      ],
      [{ A: 'ok', C: 'ok' }, 'saved, unknown, saved'],
      [{ errors: { B: 'taken' } }, 'unknown, failed: taken, unknown'],
      [{ failed: ['B'], succeeded: ['A', 'C'] }, 'saved, failed, saved'],
      [
        { failed: [{ item: { id: 'B' }, reason: 'taken' }], created: [{ id: 'A' }] },
        'A, failed: taken, unknown'
      ],
      [
        [
          { task_id: 'B', code: 409, detail: 'taken' },
          { key: 'A', code: 201 }
        ],
        'saved, failed: taken, unknown'
      ]
    ],
    KEYED
  )
})

test('W9 an API that is not described may show only what it changed of objects with keys', () => {
  const rows = [{ id: 'B', title: 'b2' }]
  assert.equal(said(rows, KEYED), 'saved, B, saved')
  assert.equal(said(rows, KEYED, { form: 'object' }), 'unknown, B, unknown')
  assert.equal(said([{ id: 'B', status: 200 }], KEYED), 'unknown, B, unknown')
  assert.equal(said(rows, KEYED, { status: 207 }), 'unknown, B, unknown')
  assert.equal(said([{ id: 'B' }, { id: 'A', ...taken }], KEYED), 'failed: taken, B, unknown')
})

test('W9 rows in another order, or fewer, are matched by what they show', () => {
  table([
    [
      [
        { id: 1, title: 'a' },
        { id: 3, title: 'c' }
      ],
      '1, unknown, 3'
    ],
    [
      [
        { id: 3, title: 'c' },
        { id: 2, title: 'b' },
        { id: 1, title: 'a' }
      ],
      '1, 2, 3'
    ],
    [
      [
        { id: 1, title: 'A!' },
        { id: 2, title: 'B!' },
        { id: 3, title: 'C!' }
      ],
      '1, 2, 3'
    ],
    [
      [
        { id: 1, title: 'A!' },
        { id: 2, title: 'C!' }
      ],
      'unknown, unknown, unknown'
    ],
    // The whole list, which had others before.
    [['x', 'a', 'y', 'c', 'b'].map((title, id) => ({ id, title })), '1, 4, 3'],
    [[1, 2, 3, 4, 5].map(id => ({ id })), 'unknown, unknown, unknown'],
    [
      { saved: [{ id: 1, title: 'a' }], rejected: [{ title: 'c', reason: 'taken' }] },
      '1, unknown, failed: taken'
    ]
  ])
})

test('W9 a row that says that it has errors, or lists them, has failed', () => {
  const faults = [{ Message: 'Name is required' }, { Message: 'Name is short' }]
  table([
    [
      [
        { id: 1, HasErrors: false, ValidationErrors: [] },
        { id: 0, ValidationErrors: faults },
        { id: 3 }
      ],
      '1, failed: Name is required; Name is short, 3'
    ],
    [[{ id: 1 }, { id: 0, hasErrors: true }, { id: 3 }], '1, failed, 3'],
    [[{ id: 1 }, { id: 0, field_errors: { title: 'taken' } }, { id: 3 }], '1, failed, 3'],
    [[{ id: 1 }, { id: 2, errorsCount: 2, hasErrors: 'no' }, { id: 3 }], '1, 2, 3']
  ])
})

test('W9 rows with a code and a body', () => {
  table([
    [
      [
        { code: 200, body: '{"id":"1"}' },
        { code: 400, body: '{"error":{"message":"taken"}}' },
        { code: 201, body: { id: 3 } }
      ],
      '1, failed: taken, 3'
    ],
    [
      {
        responses: [
          { id: 'r1', status: 201, body: { id: 'x' } },
          { id: 'r2', status: '422', body: { message: 'no' } },
          { id: 'r3', status: 'HTTP/1.1 201 Created', body: { id: 'z' } }
        ]
      },
      'x, failed: no, z'
    ],
    [{ compositeResponse: [1, 2, 3].map(id => ({ httpStatusCode: 201, body: { id } })) }, '1, 2, 3']
  ])
})

test('W9 the rows of a bulk action', () => {
  const items = [
    { create: { _id: 'x', status: 201 } },
    { index: { _id: null, status: 429, error: { type: 'busy', reason: 'queue full' } } },
    { index: { _id: 'z', status: 200 } }
  ]
  assert.equal(
    said({ took: 3, errors: true, items }, TASKS, { isRefused: true }),
    'x, failed: queue full, z'
  )
  assert.equal(said({ errors: false, items: items.slice(0, 1) }), 'x, unknown, unknown')
  const good = [items[0] ?? {}, items[0] ?? {}, items[2] ?? {}]
  assert.equal(
    said({ errors: true, items: good }, TASKS, { isRefused: true }),
    'unknown, unknown, unknown'
  )
})

test('W9 nothing is told, or a count that equals: saved; another count: unknown', () => {
  for (const body of [
    undefined,
    {},
    { snapshot: 'x', version: 7 },
    { count: 3 },
    { inserted: 2, updated: 1, failed: 0 },
    { success: true },
    { success: 1 },
    { result: { rowsAffected: 3 } },
    { acknowledged: true, insertedCount: 3 },
    { total: 812 },
    { errors: [] },
    { totalPages: 1, links: [{ rel: 'self' }], warnings: [] },
    'OK',
    null
  ]) {
    assert.equal(said(body), 'saved, saved, saved', JSON.stringify(body))
  }
  for (const body of [
    { count: 2 },
    { inserted: 2 },
    { created: 2, failed: 1 },
    { summary: { total: 3, errorCount: 1 } },
    { count: 0 },
    { results: [] },
    { created: [] },
    { skipped: [{ note: 'x' }] }
  ]) {
    assert.match(said(body), /^unknown[^,]*, unknown[^,]*, unknown/, JSON.stringify(body))
  }
  assert.equal(said({ multi: 'status' }, TASKS, { status: 207 }), 'unknown, unknown, unknown')
})

test('W9 failures without a place are of the objects without a row, if they are as many', () => {
  table([
    [
      {
        created: [
          { id: 1, title: 'a' },
          { id: 3, title: 'c' }
        ],
        errors: ['taken']
      },
      '1, failed: taken, 3'
    ],
    [{ created: [{ id: 1 }], errors: ['taken'] }, 'unknown: taken, unknown: taken, unknown: taken'],
    [{ created: [{ id: 1 }, { id: 2 }, { id: 3 }], errors: ['deprecated'] }, '1, 2, 3']
  ])
  assert.equal(said({ errors: [{ message: 'no' }] }, TASKS, { isRefused: true }), 'refused')
  assert.equal(said({ success: false }, TASKS, { isRefused: true }), 'refused')
})

test('W9 among rows with objects one with words alone is unknown, with these', () => {
  table([
    [[{ id: 1 }, { message: 'Title is required' }, { id: 3 }], '1, unknown: Title is required, 3'],
    [
      [{ message: 'created' }, { message: 'created' }, { message: 'created' }],
      'saved, saved, saved'
    ],
    [[{ id: 1 }, { status: 'ok', message: 'queued' }, { id: 3 }], '1, saved, 3']
  ])
})

test('W9 the flag that the endpoint declares counts in rows, and names of the type do not', () => {
  const failure = { flag: 'state', failed: ['bad'], message: 'why' }
  const rows = [
    { id: 1, state: 'good', error: 'x' },
    { id: 2, state: 'bad', why: 'taken' },
    { id: 3 }
  ]
  assert.equal(said(rows, TASKS, { failure }), '1, failed: taken, 3')
  assert.equal(said([{ id: 1, ...taken }], TASKS.slice(0, 1), { failure: 'never' }), '1')
  const own = { ...type, properties: [...type.properties, scalar('status'), scalar('error')] }
  const body = [{ id: 1, status: 500, error: 'x' }]
  const answer = { status: 200, body, list: null, form: 'object', isRefused: false } as const
  const [outcome] =
    readRows({ endpoint: { failure: 'guessed' }, type: own }, TASKS.slice(0, 1), answer) ?? []
  assert.equal(outcome?.is, 'saved')
})

test('W9 a row around an object, or with its own index, is a report whatever the type has', () => {
  const own = { ...type, properties: [...type.properties, scalar('status'), scalar('message')] }
  const read = (body: JsonValue) =>
    readRows({ endpoint: { failure: 'guessed' }, type: own }, TASKS.slice(0, 2), {
      ...{ status: 200, body, list: null, form: 'unknown', isRefused: false }
    })
  const bodies = [
    { status: 422, body: { message: 'taken' } },
    { status: 201, body: { id: 2, status: 'open' } }
  ]
  const second = { is: 'saved', value: { id: 2, status: 'open' }, id: '2' }
  assert.deepEqual(read(bodies), [{ is: 'failed', reason: 'taken' }, second])
  const rows = [
    { index: 1, id: 2, status: 201 },
    { index: 0, status: 409, message: 'taken' }
  ]
  const [first, last] = read(rows) ?? []
  assert.deepEqual(first, { is: 'failed', reason: 'taken' })
  assert.deepEqual(last, { is: 'saved', value: { index: 1, id: 2 }, id: '2' })
})

test('W6 W7 the form of rows decides whether values are ids, and whether objects are merged', () => {
  const [first] = TASKS
  const only = first === undefined ? [] : [first]
  assert.equal(said([21], only, { form: 'id' }), '21')
  assert.equal(said([21], only), 'saved')
  const answer = { status: 200, list: null, isRefused: false } as const
  const row: JsonObject = { id: 5, title: 'changed' }
  for (const [form, value] of [
    ['object', row],
    ['unknown', row],
    ['other', undefined]
  ] as const) {
    const outcomes = readRows({ endpoint: { failure: 'guessed' }, type }, only, {
      ...answer,
      body: [row],
      form
    })
    assert.deepEqual(outcomes, [{ is: 'saved', value, id: '5' }])
  }
})

test('W9 a batch of one is answered by the object itself, too', () => {
  const [first] = TASKS
  const only = first === undefined ? [] : [first]
  assert.equal(said({ id: 4, title: 'a' }, only), '4')
  assert.equal(said({ data: { id: 4 } }, only), '4')
  assert.equal(said({ created: [{ id: 4 }], errors: [] }, only), '4')
  assert.equal(said({ created: [], errors: [{ message: 'taken' }] }, only), 'failed: taken')
  assert.equal(said({ ok: true }, only), 'saved')
})

test('W9 many rows with many members are matched by their keys, or not compared one with each other', () => {
  const count = 2_000
  const sent = Array.from({ length: count }, (_, at) => ({
    key: `k${at}`,
    members: { title: `t${at}` }
  }))
  const rows = sent.toReversed().map(({ key }) => ({
    ...Object.fromEntries(sent.slice(0, 99).map(({ key: name }) => [name, 1])),
    id: key
  }))
  assert.equal(said({ items: rows }, sent).split(', ').at(-1), `k${count - 1}`)
  assert.equal(
    said({ items: rows.map(({ id: _, ...row }) => row).slice(1) }, sent).split(', ').length,
    count
  )
})
