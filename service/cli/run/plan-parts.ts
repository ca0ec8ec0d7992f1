import type { RunPart } from '../../bulk/partition.ts'
import { cutList, expectedCalls } from '../../bulk/partition.ts'
import type { CompiledPipeline } from '../../compiler/manifest/compile-pipeline.ts'
import type { PipelineInput } from '../../compiler/manifest/compile-pipeline-inputs.ts'
import { typeNamed } from '../../objects/type-lookup.ts'
import { listMapping } from '../../operations/list-mapping.ts'
import type { Session } from '../../operations/session.ts'
import { EVERY_OBJECT } from '../../plan/filter/every-object.ts'
import { readTextFile } from '../document/read-text-file.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError } from '../terminal.ts'

/** @throws CommandError where the document answers by examples, which must not be written to an API. */
export function assertWritable({ inputs, writes }: CompiledPipeline, session: Session): void {
  const shown = inputs.find(({ name }) => !isLive(session, name))
  const write = writes.find(({ input }) => input === shown?.name)
  if (write === undefined) return
  throw new CommandError(
    `\`outputs.${write.name}\` cannot be run with \`Responses: example\`: examples are not written to an API`
  )
}

/** Whether the API answers, not an example of the document. */
export function isLive(session: Session, input: string): boolean {
  const type = typeNamed(session.model.types, input)
  return listMapping(session, type, EVERY_OBJECT).answers.takesParameters
}

/**
 * The parts of a run, in the order of its rows: the inputs, each cut as its `partition` says. Nothing is called.
 *
 * @throws CommandError for a file of ids that cannot be read, or has none.
 */
export async function planParts(
  { inputs }: Pick<CompiledPipeline, 'inputs'>,
  session: Session,
  terminal: Terminal
): Promise<readonly RunPart[]> {
  const parts: RunPart[] = []
  for (const input of inputs) {
    for (const partition of await partitionsOf(input, session, terminal)) {
      const calls = expectedCalls(partition, input.paging)
      parts.push({ part: parts.length, input: input.name, partition, calls })
    }
  }
  return parts
}

async function partitionsOf(
  { name, paging, partition }: PipelineInput,
  session: Session,
  terminal: Terminal
): Promise<readonly RunPart['partition'][]> {
  // Each part of an example would be all of it.
  if (partition === null || !isLive(session, name)) return [null]
  if (partition.by !== 'ids') return cutList(partition, paging, [])
  const { ids } = partition
  return cutList(partition, paging, 'file' in ids ? await idsOf(ids.file, terminal) : ids)
}

/** The lines of a file; blank ones are passed over, and one that comes again is read once. */
async function idsOf(file: string, terminal: Terminal): Promise<readonly string[]> {
  const text = await readTextFile(file, terminal)
  const lines = text.split('\n').flatMap(line => line.trim() || [])
  if (lines.length === 0) throw new CommandError(`"${file}" has no ids`)
  return [...new Set(lines)]
}
