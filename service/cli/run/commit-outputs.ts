import type { PipelineOutput } from '../../model/pipeline-output.ts'
import type { CommittedFiles } from './attempt-file.ts'
import type { OpenOutput } from './open-file-output.ts'

/** An output whose rows are complete, but do not appear yet. */
export type WrittenOutput = OpenOutput & { readonly rows: number }

/** An output as the manifest of a run tells it. */
export type CommittedOutput = Pick<PipelineOutput, 'name' | 'input' | 'format' | 'mode'> &
  CommittedFiles & {
    /** Rows that this run wrote. */
    readonly rows: number
  }

/**
 * Makes outputs appear, one after another. After a failure the others are discarded.
 *
 * @param onCommit Takes each that appeared, before the next one does.
 * @returns The failure; null for none.
 */
export async function commitOutputs(
  written: readonly WrittenOutput[],
  onCommit: (output: CommittedOutput) => Promise<void> | void
): Promise<unknown> {
  let failure: unknown = null
  for (const { output, attempt, rows } of written) {
    if (failure !== null) {
      await attempt.discard()
      continue
    }
    try {
      const files = await attempt.commit(rows)
      const { name, input, format, mode } = output
      await onCommit({ name, input, format, mode, rows, ...files })
    } catch (error) {
      failure = error
      await attempt.discard()
    }
  }
  return failure
}
