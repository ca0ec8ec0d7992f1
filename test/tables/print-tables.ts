import { readFileSync } from 'node:fs'
import { madeRows } from './made-rows.ts'
const [file = '', ...names] = process.argv.slice(2)
for (const { name, rows } of madeRows(
  readFileSync(file, 'utf8'),
  n => names.length === 0 || names.includes(n)
)) {
  console.log(`## ${name}`)
  const keys = [...new Set(rows.flatMap(row => Object.keys(row)))]
  for (const key of keys)
    console.log(
      `  ${key}: ${rows
        .map(row => (row[key] === undefined ? '-' : JSON.stringify(row[key])))
        .join(' | ')
        .slice(0, 260)}`
    )
}
