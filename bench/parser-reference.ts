import { readFileSync } from 'node:fs'

import { dereference, validate } from '@readme/openapi-parser'

// What design 7 measures a first compile beside: @readme/openapi-parser on the same document, in a
// process that does nothing else. Its argument is the document's file, in JSON.
//
// Asked once it answers `{ milliseconds, isValid, paths }`. The time is that of `validate` and `dereference`,
// each on a copy of its own, since both change what they are given. Reading the file and parsing its JSON
// is over by then.

const [file = ''] = process.argv.slice(2)
const text = readFileSync(file, 'utf8')
const toValidate = JSON.parse(text)
const toDereference = JSON.parse(text)
process.on('message', async () => {
  const begun = performance.now()
  const { valid: isValid } = await validate(toValidate)
  const { paths } = await dereference(toDereference)
  const milliseconds = performance.now() - begun
  process.send?.({ milliseconds, isValid, paths: Object.keys(paths ?? {}).length })
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
