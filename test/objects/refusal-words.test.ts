import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { JsonValue } from '../../service/base/json.ts'
import { refusalWords } from '../../service/objects/refusal-words.ts'

const ROWS: readonly (readonly [from: string, body: JsonValue, words: string])[] = [
  ['Salesforce', [{ message: 'Name blank', errorCode: 'X' }, { message: 'no' }], 'Name blank'],
  [
    'FastAPI',
    {
      detail: [
        { loc: ['body', 'lines', 0, 'name'], msg: 'field required', type: 'missing' },
        { loc: ['query', 'q'], msg: 'too short' }
      ]
    },
    'body.lines.0.name: field required; query.q: too short'
  ],
  ['FastAPI', { detail: 'Not found' }, 'Not found'],
  [
    'Rails',
    { errors: { name: ['is blank', 'is short'], base: 'is old' } },
    'name: is blank, is short; base: is old'
  ],
  [
    'Laravel',
    { message: 'The data is invalid.', errors: { name: ['is taken'] } },
    'The data is invalid. (name: is taken)'
  ],
  [
    'ASP.NET',
    {
      type: 'https://example.com/400',
      title: 'Errors occurred.',
      status: 400,
      errors: { Name: ['Name is required.'] }
    },
    'Errors occurred. (Name: Name is required.)'
  ],
  [
    'ASP.NET',
    { Message: 'It is invalid.', ModelState: { 'order.Name': ['is required'] } },
    'It is invalid. (order.Name: is required)'
  ],
  [
    'GitHub',
    {
      message: 'Validation Failed',
      errors: [{ resource: 'Issue', field: 'title', code: 'missing_field' }]
    },
    'Validation Failed (title: missing_field)'
  ],
  [
    'Zoom',
    {
      code: 300,
      message: 'Validation Failed.',
      errors: [{ field: 'topic', message: 'Too long.' }]
    },
    'Validation Failed. (topic: Too long.)'
  ],
  [
    'items with codes and without fields',
    { message: 'Refused', errors: [{ code: 'x' }] },
    'Refused'
  ],
  ['a type of a field', { errors: [{ field: 'age', type: 'too_low' }] }, 'age: too_low'],
  ['Django', { name: ['This field is required.'], code: 7 }, 'name: This field is required.'],
  ['Django', { non_field_errors: ['Unable to log in.'] }, 'non_field_errors: Unable to log in.'],
  ['Jira', { errorMessages: ['No such value'], errors: {} }, 'No such value'],
  ['Jira', { errorMessages: [], errors: { summary: 'is required' } }, 'summary: is required'],
  [
    'Xero',
    {
      Message: 'A validation exception occurred',
      Elements: [
        { Name: '', ValidationErrors: [{ Message: 'Name is required' }, { Message: 'Old' }] },
        { ValidationErrors: [{ Message: 'Old' }] }
      ]
    },
    'A validation exception occurred (Name is required; Old)'
  ],
  ['Xero', { Elements: [{ ValidationErrors: [{ Message: 'Old' }] }] }, 'Old'],
  [
    'Spring',
    { message: 'Bad', fieldErrors: [{ field: 'name', message: 'is blank' }, { message: 'Bad' }] },
    'Bad (name: is blank)'
  ],
  [
    'Google',
    {
      error: {
        message: 'Invalid',
        details: [{ fieldViolations: [{ field: 'name', description: 'is short' }] }]
      }
    },
    'Invalid (name: is short)'
  ],
  ['a body without a list', { message: 'Bad', fieldErrors: { name: 7 }, errorsCount: 2 }, 'Bad'],
  ['OData', { error: { code: 'x', message: { lang: 'en', value: 'Bad key' } } }, 'Bad key'],
  [
    'OData 2',
    { 'odata.error': { code: 'x', message: { lang: 'en', value: 'Bad key' } } },
    'Bad key'
  ],
  ['Google Maps', { error_message: 'no key', status: 'REQUEST_DENIED' }, 'no key'],
  [
    'Google',
    { error: { code: 404, message: 'gone', errors: [{ message: 'no', domain: 'x' }] } },
    'gone'
  ],
  [
    'Apigee',
    { fault: { faultstring: 'Quota exceeded', detail: { errorcode: 'q' } } },
    'Quota exceeded'
  ],
  ['Go', { msg: 'no name' }, 'no name'],
  ['Telegram', { ok: false, error_code: 401, description: 'Unauthorized' }, 'Unauthorized'],
  ['TMDB', { success: false, status_code: 7, status_message: 'Invalid key' }, 'Invalid key'],
  ['VK', { error: { error_code: 5, error_msg: 'No token' } }, 'No token'],
  ['Stripe', { error: { type: 'card_error', reason: ' ', message: 'declined' } }, 'declined'],
  [
    'GraphQL',
    { data: null, errors: [{ message: 'no field', locations: [{ line: 1 }] }] },
    'no field'
  ],
  ['JSON:API', { errors: [{ status: '422', title: 'Invalid', detail: 'is blank' }] }, 'is blank'],
  ['fields in a list', { errors: [{ field: 'name', message: 'is blank' }] }, 'name: is blank'],
  [
    'Mongoose',
    { message: 'failed', errors: { name: { message: 'is required' } } },
    'failed (name: is required)'
  ],
  ['nested fields', { error: { code: 'x', details: { age: ['is low'] } } }, 'age: is low'],
  ['JSend', { status: 'fail', data: { title: 'is blank' } }, 'title: is blank'],
  ['a JSON text', 'No such order', 'No such order'],
  [
    'NestJS',
    { statusCode: 400, message: ['name is empty', 'x'], error: 'Bad Request' },
    'name is empty'
  ],
  [
    'Okta',
    { errorCode: 'E1', errorSummary: 'Api validation failed: login', errorCauses: [] },
    'Api validation failed: login'
  ],
  [
    'Zod',
    {
      success: false,
      error: { name: 'ZodError', issues: [{ path: ['name'], message: 'Required' }] }
    },
    'Required'
  ],
  ['Spring', { timestamp: '2024', status: 400, error: 'Bad Request', message: '' }, 'Bad Request'],
  [
    'many fields',
    { errors: Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map(n => [`f${n}`, ['bad']])) },
    'f1: bad; f2: bad; f3: bad; f4: bad; f5: bad'
  ]
]

for (const [from, body, words] of ROWS) {
  test(`W11 the words of ${from} are found in ${JSON.stringify(body).slice(0, 80)}`, () => {
    assert.equal(refusalWords(body), words)
  })
}

test('W11 where an API gives no reason, none is made up', () => {
  for (const body of [
    {},
    [],
    ['x'],
    [[{ message: 'x' }]],
    { code: 17, id: 'x' },
    { message: '', error: ' ', detail: null, errors: [], reason: 7 },
    { message: { text: 'x' } },
    { error: { error: { error: { error: { error: { message: 'too deep' } } } } } },
    { tags: [1, 2], names: [] },
    null,
    true,
    7
  ]) {
    assert.equal(refusalWords(body), '', JSON.stringify(body))
  }
  assert.equal(refusalWords(undefined), '')
})

test('W11 of an object with very many members the first are looked at', () => {
  const many = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, index) => [`m${index}`, index])
  )
  assert.equal(refusalWords({ ...many, message: 'far away' }), '')
  assert.equal(refusalWords({ message: 'near', ...many }), 'near')
})
