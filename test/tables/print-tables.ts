import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'

import { madeRows } from '../support/made-rows.ts'
import { corpusDocuments } from './corpus.ts'

/** Longer values are cut. */
const SHOWN = 100

// Prints made tables to read: `npm run tables -- openapi-samples/petstore.yaml Pet` those of a document, without one
// those of the first types of real documents: every `--step`th, `--count` of them.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    step: { type: 'string', default: '37' },
    count: { type: 'string', default: '15' }
  }
})
const [file, ...names] = positionals
if (file === undefined) await printCorpus(Number(values.step), Number(values.count))
else print(file, await readFile(file, 'utf8'), name => names.length === 0 || names.includes(name))

async function printCorpus(step: number, count: number): Promise<void> {
  let left = count
  for await (const { file, text } of corpusDocuments(step)) {
    if (left === 0) return
    const most = madeRows(text).toSorted((a, b) => width(b) - width(a))[0]
    if (most === undefined) continue
    left--
    print(file, text, name => name === most.name)
  }
}

function width({ rows: [row = {}] }: ReturnType<typeof madeRows>[number]): number {
  const size = Object.values(row).filter(value => typeof value !== 'object').length
  return size > 40 ? 0 : size
}

function print(file: string, text: string, isWanted: (name: string) => boolean): void {
  for (const { name, rows } of madeRows(text, isWanted)) {
    const keys = [...new Set(rows.flatMap(row => Object.keys(row)))]
    const lines = keys.map(key => {
      const shown = rows.map(row => (JSON.stringify(row[key]) ?? '').slice(0, SHOWN))
      return `  ${key}: ${shown.join(' | ')}`
    })
    process.stdout.write(`${file} ${name}\n${lines.join('\n')}\n\n`)
  }
}
