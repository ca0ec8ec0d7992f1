import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { codeBlocks } from './code-blocks.ts'
import { runInTerminal } from './run-in-terminal.ts'

/** A command in a terminal block of a page, and what it is shown to write. */
export type ShownCommand = {
  readonly args: readonly string[]
  /** The file after `>`, which its standard output goes to; null for none. */
  readonly file: string | null
  readonly output: string
}

/** The commands of the terminal blocks of a page, in their order. */
export function shownCommands(page: string): ShownCommand[] {
  return codeBlocks(page)
    .filter(({ info }) => info === 'console')
    .flatMap(({ text }) => text.split(/^\$ /m).slice(1))
    .map(session => {
      const [line = '', ...output] = session.split('\n')
      const [, command = '', file = null] = /^(.*?)(?: > (\S+))?$/.exec(line) ?? []
      const [program, ...args] = wordsOf(command)
      assert.equal(program, 'openapi-flow')
      return { args, file, output: output.join('\n') }
    })
}

/**
 * Makes a test for each command of a page: it writes what the page shows. All run in one folder, in their order. Named
 * blocks are files in it.
 */
export function testShownCommands(page: string): void {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-'))
  after(() => rmSync(directory, { recursive: true }))
  for (const { info, text } of codeBlocks(page)) {
    const [, name] = /^\w+ (\S+\.\w+)$/.exec(info) ?? []
    if (name !== undefined) writeFileSync(join(directory, name), text)
  }
  for (const { args, file, output } of shownCommands(page)) {
    test(`J15 "openapi-flow ${args.join(' ')}" writes what the page shows`, async () => {
      const { out, err } = await runInTerminal(args, { directory })
      if (file !== null) writeFileSync(join(directory, file), out)
      assert.equal((file === null ? out : '') + err, output)
    })
  }
}

/** The words of a command line; those with blanks stand in quotes. */
function wordsOf(command: string): string[] {
  const words = command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)
  return [...words].map(([, single, double, plain]) => single ?? double ?? plain ?? '')
}
