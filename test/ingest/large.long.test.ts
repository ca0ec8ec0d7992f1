import { test } from 'node:test'

import { pushMany } from './push-many.ts'

test('I19 I20 a document of 5,000 endpoints is pushed whole, read in pages, and not written twice', t =>
  pushMany(t, 5_000))
