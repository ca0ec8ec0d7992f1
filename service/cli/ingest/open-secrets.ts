import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import type { SecretLookup } from '../../ingest/local-secrets.ts'
import { createLocalLookup, readSecrets } from '../../ingest/local-secrets.ts'
import type { WorkflowFile } from '../../ingest/workflow-form.ts'
import type { CommandContext } from '../command.ts'
import { shownText } from '../shown-text.ts'
import type { Terminal } from '../terminal.ts'
import { CommandError, systemReason } from '../terminal.ts'

/**
 * Opens what the secrets of a workflow are looked up in (docs/catalog.md#secrets).
 *
 * @param name File of secrets; undefined for none.
 * @throws ConnectorError and CommandError for a file that cannot be used.
 */
export async function openSecrets(
  _file: WorkflowFile,
  name: string | undefined,
  { terminal }: CommandContext
): Promise<SecretLookup> {
  const secrets =
    name === undefined ? new Map() : readSecrets(await readTextFile(name, terminal), shownText(name))
  return createLocalLookup(secrets, terminal.environment)
}

/** The text of a file of a command. @throws CommandError for one that cannot be read. */
export async function readTextFile(
  name: string,
  { directory }: Pick<Terminal, 'directory'>
): Promise<string> {
  return readFile(resolve(directory, name), 'utf8').catch((error: unknown) => {
    const reason = systemReason(error)
    throw reason === undefined
      ? error
      : new CommandError(`"${shownText(name)}" cannot be read: ${reason}`)
  })
}
