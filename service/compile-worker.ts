import type { UsabilityCheck } from './documents/document-source.ts'
import type { PartReader } from './documents/read-part.ts'
import { untilAborted } from './time/deadline.ts'
import type { CompilerCalls, HostCalls } from './documents/compile-calls.ts'
import { compileDocument } from './documents/compile-task.ts'
import { createProcessCalls, NO_BYTES } from './processes/process-calls.ts'
import { describeTypes } from './protocol/describe.ts'

// The process in which documents are parsed and compiled, so that one that takes long, or more memory than
// there is, holds up and ends nothing else. It reads no file and opens no connection.

/** Resident bytes that the process keeps between two documents. */
const KEPT_MAX_BYTES = 96 * 1024 * 1024

/** Milliseconds that the service gets to answer with a model before memory is given back, which takes a core. */
const REST_MS = 100

let isResting = false

/** The checks of the parts that are being read. */
const checks = new Map<number, UsabilityCheck>()
let readings = 0

const services: CompilerCalls = {
  async compile({ root, rules }, bytes) {
    const ports = { readPart, isKnown, describeTypes }
    const { model, ...found } = await compileDocument({ ...root, packed: bytes }, rules, ports)
    if (!isResting) setTimeout(letGo, REST_MS)
    isResting = true
    return [{ ...found, isKnown: model === null }, model ?? NO_BYTES]
  },
  async judge({ reading, candidate }, packed) {
    await checks.get(reading)?.({ ...candidate, packed })
    return [null, NO_BYTES]
  }
}
const host = createProcessCalls<HostCalls>(message => process.send?.(message), services)

const readPart: PartReader = async (url, signal, assertUsable) => {
  const reading = ++readings
  checks.set(reading, assertUsable)
  try {
    const [facts, packed] = await untilAborted(host.call('readPart', { reading, url }), signal)
    return { ...facts, packed }
  } finally {
    checks.delete(reading)
  }
}

/** Gives back the memory of documents that are done, which else would stay until the next one needs it. */
function letGo(): void {
  isResting = false
  if (process.memoryUsage.rss() > KEPT_MAX_BYTES) gc?.({ type: 'major', flavor: 'last-resort' })
}

async function isKnown(version: string): Promise<boolean> {
  const [known] = await host.call('isKnown', { version })
  return known
}

// A terminal interrupts both processes; the service ends this one when it needs it no longer.
process.on('SIGINT', () => {})
process.on('disconnect', () => process.exit())
process.on('message', message => host.receive(message))
process.send?.('ready')
