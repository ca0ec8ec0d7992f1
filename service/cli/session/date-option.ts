import type { CommandInput, CommandOption } from '../command.ts'
import { CommandError } from '../terminal.ts'

export const DATE: CommandOption = {
  name: '--date',
  value: 'DATE',
  does: 'sets the date of the run, `dt` in a manifest, such as 2026-01-31'
}

/**
 * The date of the run, as `YYYY-MM-DD` (docs/pipelines.md#templates); null if it is not given.
 *
 * @throws CommandError for what is no day of the calendar.
 */
export function readRunDate(input: CommandInput): string | null {
  const text = input.value(DATE)?.trim()
  if (text === undefined) return null
  const isWritten = /^\d{4}-\d\d-\d\d$/.test(text)
  const day = new Date(isWritten ? `${text}T00:00:00Z` : Number.NaN)
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
  if (isDay) return text
  throw new CommandError(`--date "${text}" is no day, such as 2026-01-31`)
}
