import type { TypeRecord } from '../../model/type-record.ts'
import { typeNamed } from '../../objects/type-lookup.ts'
import { diagnosticLine } from '../diagnostic-line.ts'
import type { Terminal } from '../terminal.ts'
import type { OpenCommand } from './open-command.ts'

/** Errors of a document that are told at most. */
const TOLD_MAX = 10

/**
 * The type that a command names. If there is none, the errors of the document are told with their places: one of them
 * may be the reason.
 *
 * @throws ConnectorError `TYPE_UNKNOWN`
 */
export function knownType(
  { read, session }: Pick<OpenCommand, 'read' | 'session'>,
  name: string,
  terminal: Terminal
): TypeRecord {
  const { types } = session.model
  if (types.get(name) === undefined) {
    const errors = read.model.index.diagnostics.filter(({ severity }) => severity === 'error')
    for (const error of errors.slice(0, TOLD_MAX)) terminal.err(diagnosticLine(error))
  }
  return typeNamed(types, name)
}
