import { test } from 'node:test'

import { pushMany } from './push-many.ts'

test('I19 I20 a document of 500 endpoints is pushed whole, read in pages, and not written twice', t =>
  pushMany(t, 500))
