import { testLists } from './test-lists.ts'

// Beside `lists.long.test.ts`, in a process of its own.
testLists({ from: 5_561, parts: 11, count: 500 })
