import '../service/base/forget-proto.ts'

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import { runCommand } from '../service/cli/run-command.ts'

// `openapi-flow read` over a manifest of an API. It reads the first pages, sends `ready`, and for each message reads the
// list once into a file; it answers with the time (ms), the bytes of the file, and how far resident memory grew past the
// start of that read (bytes).

const [api] = process.argv.slice(2)
const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
writeFileSync(
  join(directory, 'rows.yaml'),
  `CONFIG:
  inputs:
    rows:
      format: rest_api
      url: "${api}/rows"
      pagination: { type: offset, page_size: 1000 }
      response: { root_key: data }
`
)

const LOOK_MS = 50
const WARM_UP = 20_000

async function readRows(
  ...limit: string[]
): Promise<{ ms: number; bytes: number; grown: number; code: number }> {
  const before = process.memoryUsage.rss()
  let peak = before
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, LOOK_MS)
  const start = performance.now()
  const code = await runCommand(['read', 'rows.yaml', 'rows', '--out', 'rows.ndjson', ...limit], {
    out: () => {},
    write: async () => {},
    err: line => console.error(line),
    status: () => {},
    input: Readable.from([]),
    isShown: { out: false, err: false },
    environment: {},
    directory,
    untilStopped: () => new Promise(() => {})
  })
  const ms = performance.now() - start
  clearInterval(look)
  const { size: bytes } = statSync(join(directory, 'rows.ndjson'))
  return { ms, bytes, grown: peak - before, code }
}

process.on('message', async () => process.send?.(await readRows()))
process.on('disconnect', () => process.exit())
await readRows('--limit', String(WARM_UP))
process.send?.('ready')
