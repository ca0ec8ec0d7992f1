import type { AnswerCase } from '../support/long-answers.ts'
import { ALL, documentOf, longAnswers, testAnswer, texts } from '../support/long-answers.ts'
import { condition } from '../support/start-connector.ts'

const NONE = { where: [condition('p0', 'x')] }

const nested = (count: number): string => `[${'{"a":"1"},'.repeat(count - 1)}{"a":"1"}]`
const members = (count: number): string =>
  `{${Array.from({ length: count }, (_, index) => `"k${index}":{}`).join(',')}}`

const CASES: readonly AnswerCase[] = [
  {
    what: 'many empty objects under a wide type, filtered here',
    document: documentOf(['id: {type: string}', ...texts(2_000)]),
    answer: () => `[${'{},'.repeat(399_999)}{}]`,
    filter: NONE,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'many empty objects under a wide type, in one window',
    document: documentOf(['id: {type: string}', ...texts(2_000)]),
    answer: () => `[${'{},'.repeat(399_999)}{}]`,
    filter: ALL,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'millions of empty objects',
    answer: () => `[${'{},'.repeat(4_999_999)}{}]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'millions of nulls',
    answer: () => `[${'null,'.repeat(2_999_999)}null]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'one object with millions of numbers',
    answer: () => `[{"id":"1","tags":[${'1,'.repeat(5_999_999)}1]}]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'one object whose list makes more values than it has',
    answer: () => `[{"id":"1","tags":[${'1,'.repeat(599_999)}1]}]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'one object without id with many objects in it',
    answer: () => `[{"list":${nested(150_000)}}]`,
    outcome: '200'
  },
  {
    what: 'one object with more members than are read',
    answer: () => `[{"id":"1","map":${members(300_000)}}]`,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'one object with many members',
    answer: () => `[{"id":"1","map":${members(45_000)}}]`,
    outcome: '200'
  },
  {
    what: 'values that do not fit',
    answer: () => `[${'{"id":"1","when":"x","tags":5},'.repeat(199_999)}{"id":"2"}]`,
    filter: ALL,
    outcome: 'ANSWER_TOO_MANY_VALUES'
  },
  {
    what: 'millions of levels',
    answer: () => '['.repeat(8_000_000),
    outcome: 'ANSWER_TOO_DEEP'
  },
  {
    what: 'objects inside of objects',
    answer: () => `[{"id":"1","any":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}]`,
    outcome: 'ANSWER_TOO_DEEP'
  },
  {
    what: 'one value of any kind with many values in it',
    answer: () => `[{"id":"1","any":[${'[1,"x"],'.repeat(300_000)}1]}]`,
    outcome: '200'
  },
  {
    what: 'objects without id with long lists of any kind',
    answer: () => `[${`{"any":[${'1,'.repeat(50_000)}1]},`.repeat(15)}{}]`,
    outcome: '200'
  },
  {
    what: 'lists at many places',
    document: documentOf(['id: {type: string}', ...texts(2_000)]),
    answer: () => `{${Array.from({ length: 450 }, (_, i) => `"k${i}":{"a":${members(500)}}`)}}`,
    outcome: 'ANSWER_UNEXPECTED'
  }
]

for (const each of CASES) testAnswer(each)

// Those of the whole size are among the long tests.
for (const each of longAnswers(0.2)) testAnswer(each)
