import assert from 'node:assert/strict'
import { test } from 'node:test'

import { logOutput } from '../../service/plugins/log-output.ts'

test('R19 lines that cannot be written are counted, and the next that can says so', () => {
  let written = ''
  let fault: Error | null = null
  const output = logOutput(bytes => {
    if (fault !== null) throw fault
    // A pipe takes a part.
    const part = bytes.subarray(0, 7)
    written += Buffer.from(part).toString('latin1')
    return part.length
  })
  output.write('the first line\n')
  for (const code of ['ENOSPC', 'EAGAIN', 'EPIPE']) {
    fault = Object.assign(new Error(code), { code })
    output.write('lost\n')
  }
  fault = null
  output.write('the second line\n')
  output.write('the third line\n')
  const [first, loss = '', ...rest] = written.split('\n')
  assert.equal(first, 'the first line')
  const { level, count, msg } = JSON.parse(loss)
  assert.deepEqual([level, count, msg], [40, 3, 'lines of the log could not be written'])
  assert.deepEqual(rest, ['the second line', 'the third line', ''])
})
