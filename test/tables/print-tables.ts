import { readFileSync } from 'node:fs'
import { madeRows } from '../support/made-rows.ts'
const [file = '', ...names] = process.argv.slice(2)
for (const { name, rows } of madeRows(
  readFileSync(file, 'utf8'),
  n => names.length === 0 || names.includes(n)
)) {
  process.stdout.write("\n"+`## ${name}`)
  const keys = [...new Set(rows.flatMap(row => Object.keys(row)))]
  for (const key of keys)
    process.stdout.write("\n"+
      `  ${key}: ${rows
        .map(row => (row[key] === undefined ? '-' : JSON.stringify(row[key])))
        .join(' | ')
        .slice(0, 260)}`
    )
}
