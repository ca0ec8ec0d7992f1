import { testLists } from './test-lists.ts'

// Seeds that the short test does not have.
testLists({ from: 61, parts: 11, count: 500 })
