import { ConnectorError } from '../../errors.ts'
import { judgeSteps } from '../../ingest/connection-steps.ts'
import type { CatalogSource } from '../../ingest/run-workflow.ts'
import { resolveSecrets } from '../../ingest/secrets/resolve-secrets.ts'
import { readWorkflow } from '../../ingest/workflow/read-workflow.ts'
import { readDefaults } from '../../ingest/workflow/workflow.ts'
import type { CommandContext } from '../command.ts'
import { readTextFile } from '../document/read-text-file.ts'
import { shownText } from '../shown-text.ts'
import type { ExitCode, Terminal } from '../terminal.ts'
import { createCatalogSource } from './catalog-source.ts'
import { createCommandExchange } from './command-exchange.ts'
import { openSecrets, storeAddresses } from './open-secrets.ts'
import type { IngestOptions } from './run-ingestion.ts'
import { runIngestion } from './run-ingestion.ts'
import { createRunLog } from './run-log.ts'

/**
 * `openapi-flow catalog --config FILE`: runs a workflow file of `metadata ingest` (docs/catalog.md#openmetadata).
 *
 * @returns 1 if anything failed, 2 for a workflow file with errors.
 * @throws ConnectorError for an unknown secret; CommandError and SettingsError for a file that cannot be used.
 */
export async function ingest(
  name: string,
  options: IngestOptions,
  context: CommandContext
): Promise<ExitCode> {
  const { settings, terminal } = context
  const text = await readTextFile(name, terminal)
  const { file, diagnostics } = readWorkflow(text, shownText(name), terminal.environment)
  const log = createRunLog(file?.workflowConfig.loggerLevel, terminal)
  for (const diagnostic of diagnostics) log.diagnostic(diagnostic)
  if (file === null) return 2
  const provider = file.workflowConfig.openMetadataServerConfig.secretsManagerProvider ?? 'noop'
  const stores = createCommandExchange(settings, storeAddresses(terminal), log)
  try {
    const lookUp = await openSecrets(provider, options.secrets, stores.exchange, terminal)
    const workflow = readDefaults(await resolveSecrets(file, lookUp), file)
    const source = createCatalogSource(workflow, stores.exchange, settings, terminal)
    if (options.isTest) return await testConnection(source, options.isJson, terminal)
    return await runIngestion(workflow, source, options, { ...context, log })
  } finally {
    await stores.close()
  }
}

/** Tests the steps of the connection, and shows them. */
async function testConnection(
  source: CatalogSource,
  isJson: boolean,
  terminal: Terminal
): Promise<ExitCode> {
  const failure = await source().then(
    () => null,
    (error: unknown) => {
      if (error instanceof ConnectorError) return error
      throw error
    }
  )
  const steps = judgeSteps(failure)
  const lines = steps.map(({ name, state, reason }) =>
    shownText(`${name.padEnd(12)} ${state}${reason === null ? '' : `: ${reason}`}`)
  )
  terminal.out(isJson ? JSON.stringify({ steps }, null, 2) : lines.join('\n'))
  return failure === null ? 0 : 1
}
