import { randomUUID } from 'node:crypto'

import { ConnectorError } from '../../errors.ts'
import type { RunReport } from '../../ingest/push/run-report.ts'
import type { CatalogSource } from '../../ingest/run-workflow.ts'
import { dryRun, runWorkflow } from '../../ingest/run-workflow.ts'
import type { DryWrite } from '../../ingest/server/dry-client.ts'
import { createMetadataClient } from '../../ingest/server/metadata-client.ts'
import type { Workflow } from '../../ingest/workflow/workflow.ts'
import type { CatalogChange } from '../../model/catalog-change.ts'
import type { Catalog } from '../../model/catalog.ts'
import { renderChanges } from '../catalog/render-changes.ts'
import type { CommandContext } from '../command.ts'
import type { ExitCode, Terminal } from '../terminal.ts'
import { createCommandExchange } from './command-exchange.ts'
import { renderReport } from './render-report.ts'
import { renderWrite, shownWrite } from './render-writes.ts'
import type { RunLog } from './run-log.ts'
import { openSinceFile } from './open-since-file.ts'
import { tlsTrustOf } from './tls-trust.ts'

/** How a workflow is run. */
export type IngestOptions = {
  /** File of secrets. */
  readonly secrets: string | undefined
  /** Shows what would be sent, and sends nothing. */
  readonly isDry: boolean
  /** Tests the connection, and ends. */
  readonly isTest: boolean
  /** File of the catalog of the last run. */
  readonly since: string | undefined
  readonly isJson: boolean
}

type RunContext = CommandContext & { readonly log: RunLog }

/** What a run has done, or would do. */
type RunResult = {
  readonly report: RunReport
  /** Since the last run; null where that is not asked for or not known. */
  readonly changes: readonly CatalogChange[] | null
  /** Of a dry run; null of another. */
  readonly writes: readonly DryWrite[] | null
}

/**
 * Runs a workflow, and shows its report. Stops at the first signal: what was not written is told, and nothing is deleted.
 *
 * @returns 1 if anything failed.
 */
export async function runIngestion(
  workflow: Workflow,
  source: CatalogSource,
  options: IngestOptions,
  context: RunContext
): Promise<ExitCode> {
  const { terminal } = context
  const since = options.since === undefined ? null : await openSinceFile(options.since, terminal)
  const made: Catalog[] = []
  const noted: CatalogSource = async () => {
    const catalog = await source()
    made.push(catalog)
    return catalog
  }
  const writes: DryWrite[] = []
  const report = await pushOrShow(workflow, noted, options, context, writes)
  const [catalog] = made
  const changes = catalog && since ? since.changes(catalog) : null
  show({ report, changes, writes: options.isDry ? writes : null }, options, terminal)
  const isDone = report.state === 'success'
  if (catalog && since && isDone && !options.isDry) await since.keep(catalog)
  return isDone ? 0 : 1
}

async function pushOrShow(
  workflow: Workflow,
  source: CatalogSource,
  { isDry }: IngestOptions,
  { settings, terminal, log }: RunContext,
  writes: DryWrite[]
): Promise<RunReport> {
  const { server, tls } = workflow
  const at = 'openMetadataServerConfig'
  const trust = await tlsTrustOf(tls, at, server.url, settings, terminal.directory)
  const { exchange, close } = createCommandExchange(settings, [server.url], log, trust)
  try {
    const client = createMetadataClient(server, exchange, stopSignal(terminal))
    if (isDry) return await dryRun(workflow, source, client, write => writes.push(write))
    const statusClient = createMetadataClient(server, exchange, new AbortController().signal)
    const progress = (tried: number, all: number): void =>
      terminal.status(`${server.url}: ${tried} of ${all}`)
    const ports = { client, statusClient, newId: randomUUID, now: Date.now, progress }
    return await runWorkflow(workflow, source, ports)
  } finally {
    terminal.status('')
    await close()
  }
}

/** Aborts when the process is to stop. */
function stopSignal(terminal: Terminal): AbortSignal {
  const stop = new AbortController()
  void terminal.untilStopped().then(reason => {
    const signal = typeof reason === 'string' ? reason : 'a failure'
    stop.abort(new ConnectorError('METADATA_STOPPED', { signal }))
  })
  return stop.signal
}

function show(
  { report, changes, writes }: RunResult,
  { isJson }: IngestOptions,
  terminal: Terminal
): void {
  if (isJson) {
    const shown = writes === null ? {} : { writes: writes.map(shownWrite) }
    terminal.out(JSON.stringify({ ...report, ...(changes && { changes }), ...shown }, null, 2))
    return
  }
  for (const write of writes ?? []) terminal.out(renderWrite(write))
  if (changes !== null) terminal.out(`${renderChanges(changes)}\n`)
  terminal.out(renderReport(report, writes !== null))
}
