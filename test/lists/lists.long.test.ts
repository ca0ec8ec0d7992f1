import { testLists } from './test-lists.ts'

// Seeds that the short test does not have.
testLists(1_001)
