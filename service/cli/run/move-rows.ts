import type { PipelineOutput } from '../../model/pipeline-output.ts'
import { ConnectorError } from '../../errors.ts'
import type { OnWait } from '../../exchange/watch.ts'
import type { OpenRows } from '../../operations/row-page.ts'
import type { ShownProgress } from '../read/show-progress.ts'
import { showProgress } from '../read/show-progress.ts'
import { shownText } from '../shown-text.ts'
import type { Terminal } from '../terminal.ts'
import type { WrittenOutput } from './commit-outputs.ts'
import type { OpenOutput, OutputPlace } from './open-file-output.ts'
import { openFileOutput } from './open-file-output.ts'

/** An output, and where it is written. */
export type PlacedOutput = { readonly output: PipelineOutput; readonly place: OutputPlace }

/** An input that was read to its end, and the outputs that have its rows. */
export type MovedInput = {
  readonly name: string
  readonly pages: number
  readonly records: number
  readonly repeated: number
  readonly misfits: number
  readonly written: readonly WrittenOutput[]
}

/** Opens the rows of an input. */
export type OpenInput = (input: string, onWait: OnWait) => Promise<OpenRows>

type Moving = { readonly run: string; readonly signal: AbortSignal; readonly terminal: Terminal }

/**
 * Writes the rows of all inputs to attempts of their outputs, an input after the other, each in one read. Where it
 * throws, all attempts are discarded.
 *
 * @throws ConnectorError as `open`, and `RECORD_MISFIT`, `LIST_NOT_ENDED`; CommandError for an output.
 */
export async function moveRows(
  placed: readonly PlacedOutput[],
  open: OpenInput,
  moving: Moving
): Promise<readonly MovedInput[]> {
  const moved: MovedInput[] = []
  try {
    for (const [input, ofInput] of Map.groupBy(placed, ({ output }) => output.input)) {
      moved.push(await moveInput(input, ofInput, open, moving))
    }
    return moved
  } catch (error) {
    await discard(moved.flatMap(({ written }) => written))
    throw error
  }
}

async function moveInput(
  input: string,
  placed: readonly PlacedOutput[],
  open: OpenInput,
  { run, signal, terminal }: Moving
): Promise<MovedInput> {
  const progress = showProgress(terminal)
  const opened: OpenOutput[] = []
  try {
    const list = await open(input, progress.onWait)
    progress.begin(list.start)
    for (const { output, place } of placed) {
      opened.push(await openFileOutput(output, place, list, run))
    }
    const rows = await pump(list, opened, progress, signal)
    for (const { sink, attempt } of opened) {
      await sink.close()
      await attempt.close()
    }
    const { reached, repeated, misfits } = progress.end()
    terminal.err(`${input}: ${progress.summary()}`)
    for (const { output, leftOut } of opened) warnOfLeftOut(output.name, leftOut(), terminal)
    const { pages, records } = reached
    const written = opened.map(each => ({ ...each, rows }))
    return { name: input, pages, records, repeated, misfits, written }
  } catch (error) {
    await discard(opened)
    throw error
  } finally {
    progress.end()
  }
}

/** Writes all rows of a list, and counts them. */
async function pump(
  list: OpenRows,
  outputs: readonly OpenOutput[],
  progress: ShownProgress,
  signal: AbortSignal
): Promise<number> {
  let rows = 0
  for await (const page of list.pages) {
    for (const { sink } of outputs) await sink.write(page.rows)
    rows += page.rows.values.length
    progress.add(page)
    if (page.end === 'pages') throw new ConnectorError('LIST_NOT_ENDED', { type: list.type.name })
    if (page.end === null) signal.throwIfAborted()
  }
  return rows
}

function warnOfLeftOut(output: string, names: readonly string[], { err }: Terminal): void {
  if (names.length === 0) return
  const shown = names.map(shownText).join(', ')
  err(`warning: \`outputs.${output}\` has no column for these members of its rows: ${shown}`)
}

async function discard(outputs: readonly OpenOutput[]): Promise<void> {
  for (const { attempt } of outputs) await attempt.discard()
}
