import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { LongList } from './long-list.ts'
import { numbered, startLongList } from './long-list.ts'
import { startFolder } from './start-folder.ts'
import { startQueue } from './start-queue.ts'

/** The token of the API. */
export const TOKEN = 'the-token-of-the-api'

/** A pipeline that is cut into two parts of two pages, and a queue. */
export async function startQueuedPipeline(
  t: TestContext,
  options: { readonly [name: string]: string } = {}
) {
  const list = await startLongList(t, 'offset', numbered(350))
  const directory = startFolder(t)
  const write = (name: string, path: string): void =>
    writeFileSync(
      join(directory, name),
      `CONFIG:
  inputs:
    things:
      url: "${list.url}/things"
      auth: { type: bearer, token: "{{ env.API_TOKEN }}" }
      pagination: { type: offset, page_size: 100 }
      response: { root_key: data }
      rate_limit: { max_retries: 0 }
      schema: [{ name: id, type: long }, { name: name, type: string }]
      partition: { by: page, from: 1, to: 4, count: 2 }
  outputs:
    lake: { format: json, path: ${path} }
`
    )
  write('m.yaml', 'queued.ndjson')
  const queue = await startQueue(t, directory, options)
  const environment = { API_TOKEN: TOKEN }
  const submit = (...args: string[]) =>
    queue.run(['run', 'm.yaml', '--queue', '--dir', 'run', ...args], { environment })
  const file = (name: string): string => readFileSync(join(directory, name), 'utf8')
  const runOf = async () => {
    const { out } = await queue.run(['jobs', '--json'])
    const runs: { run: string; state: string; done: number }[] = JSON.parse(out)
    assert.equal(runs.length, 1)
    return runs[0] ?? assert.fail('no run')
  }
  return { ...queue, list, directory, write, submit, file, runOf }
}

/** Holds the first call of a list of pages of 100, until the test answers it. */
export function holdFirstCall(list: LongList): {
  readonly called: Promise<void>
  readonly answer: () => void
} {
  const { promise: called, resolve } = Promise.withResolvers<void>()
  let answer = (): void => {}
  list.instead = (call, response) => {
    if (call > 1) return false
    answer = () =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"data":[${list.records.slice(0, 100).join()}]}`)
    resolve()
    return true
  }
  return { called, answer: () => answer() }
}
