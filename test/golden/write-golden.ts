import { readdirSync, writeFileSync } from 'node:fs'

import { goldenPage } from '../support/golden-page.ts'

// Writes the golden pages anew. Read the difference before it is committed: it is what changed.
for (const file of readdirSync('openapi-samples')) {
  const name = file.replace(/\.yaml$/, '')
  if (name !== file) writeFileSync(`test/golden/${name}.txt`, await goldenPage(name))
}
