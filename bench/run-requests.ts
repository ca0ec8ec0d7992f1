import assert from 'node:assert/strict'
import { setPriority } from 'node:os'
import { parseArgs } from 'node:util'

import { checkRequests } from './check-requests.ts'
import { corpusFiles } from './corpus-files.ts'
import { renderRequests, sumRequests } from './render-requests.ts'

// Asks mocks of real documents whether they accept the requests of inferred mappings: `npm run requests`. Exits with 1 if
// fewer than 95% are accepted. `--only TEXT` takes some of the documents, `--count N` that many, `--json` prints JSON.

/** Share of the requests that have to be accepted. */
const TARGET = 0.95

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    count: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false }
  }
})
assert.match(values.count, /^[1-9]\d{0,5}$/, '--count is a whole number from 1 on')
setPriority(19)
const checked = await checkRequests(await corpusFiles({ only: values.only }), Number(values.count))
const { accepted, planned } = sumRequests(checked)
process.stdout.write(
  values.json ? `${JSON.stringify(checked, null, 2)}\n` : `${renderRequests(checked)}\n`
)
if (accepted < TARGET * planned) process.exitCode = 1
