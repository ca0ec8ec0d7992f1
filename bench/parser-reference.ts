import { readFileSync } from 'node:fs'

import { dereference, validate } from '@readme/openapi-parser'

// Reference for a first compile: @readme/openapi-parser on the same document, in a separate process. Its
// argument is the document's file, in JSON.
//
// It answers one message with `{ milliseconds, isValid, paths }`: the time of `validate` and `dereference`,
// each on its own copy, since both modify their input. Reading and parsing the file is not included.

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
