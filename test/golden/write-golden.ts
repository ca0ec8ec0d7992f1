import { mkdirSync, writeFileSync } from 'node:fs'

import { listSampleNames } from '../../service/documents/sample-files.ts'
import { goldenPage } from '../support/golden-page.ts'

// Writes the golden pages anew. Read the difference before it is committed: it is what changed.
mkdirSync('test/golden/apis', { recursive: true })
for (const name of await listSampleNames()) {
  writeFileSync(`test/golden/${name}.txt`, await goldenPage(name))
}
