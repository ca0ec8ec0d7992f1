import { Agent, request } from 'undici'

// Reference for `openapi-flow read`: a loop that asks for each page and parses it. It reads the first pages, sends
// `ready`, reads the list once for each message, and answers with the records that it got and the time (ms).

const [api] = process.argv.slice(2)
const dispatcher = new Agent()
const PAGE = 1_000
const WARM_UP = 20_000

function records(value: unknown): number {
  const list = typeof value === 'object' && value !== null && 'data' in value ? value.data : null
  return Array.isArray(list) ? list.length : 0
}

async function readUpTo(limit: number): Promise<{ rows: number; ms: number }> {
  const start = performance.now()
  let rows = 0
  for (;;) {
    const { body } = await request(`${api}/rows?limit=${PAGE}&offset=${rows}`, { dispatcher })
    const got = records(JSON.parse(await body.text()))
    rows += got
    if (got < PAGE || rows >= limit) return { rows, ms: performance.now() - start }
  }
}

process.on('message', async () => process.send?.(await readUpTo(Number.POSITIVE_INFINITY)))
process.on('disconnect', () => process.exit())
await readUpTo(WARM_UP)
process.send?.('ready')
