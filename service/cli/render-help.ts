import type { Command } from './command.ts'
import { shownOption, usageOf } from './command.ts'

/** Describes one command, or all of them. */
export function renderHelp(command: Command | null, commands: readonly Command[]): string {
  return command === null ? renderAll(commands) : renderOne(command)
}

const OTHERS: readonly Row[] = [
  ['openapi-flow COMMAND --help', 'shows the options of a command, with examples'],
  ['openapi-flow --version', 'shows the version']
]

function renderAll(commands: readonly Command[]): string {
  const rows = commands.map(
    ({ name, operands, does }): Row => [['openapi-flow', name, ...operands].join(' '), does]
  )
  return `openapi-flow, a connector between flow platforms and any API

${renderRows([...rows, ...OTHERS])}

DOC is a URL, s3://bucket/key, a file, sample:<name>, or - for standard input.`
}

function renderOne(command: Command): string {
  const { does, options, examples } = command
  const rows = options.map((option): Row => [shownOption(option), option.does])
  const sections = [
    usageOf(command),
    `  ${does}`,
    ...(rows.length === 0 ? [] : [renderRows(rows)]),
    `Examples:\n${examples.map(line => `  ${line}`).join('\n')}`
  ]
  return sections.join('\n\n')
}

type Row = readonly [left: string, right: string]

function renderRows(rows: readonly Row[]): string {
  const width = rows.reduce((most, [left]) => Math.max(most, left.length), 0)
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
