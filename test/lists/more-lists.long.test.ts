import { testLists } from './test-lists.ts'

// Beside `lists.long.test.ts`, in a process of its own.
testLists(6_001)
