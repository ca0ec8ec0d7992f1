import type { CommandOption } from '../command.ts'

/** What changes the document of a command before it is read (docs/x-flow.md#overlays). */
export const OVERLAY: CommandOption = {
  name: '--overlay',
  value: 'OVERLAY',
  repeats: true,
  does: 'applies an overlay to the document: a URL, a file or `sample:/<path>`'
}
