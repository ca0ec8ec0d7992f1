import { testLists } from './test-lists.ts'

testLists({ from: 1, parts: 1, count: 60 })
