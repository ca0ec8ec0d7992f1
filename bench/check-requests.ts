import { readFile } from 'node:fs/promises'

import { compileModel } from '../service/compiler/compile-model.ts'
import { ConnectorError } from '../service/errors.ts'
import { apiRequest } from '../service/exchange/api-request.ts'
import type { OpenModel } from '../service/model/connector-model.ts'
import { packModel, unpackModel } from '../service/model/packed-model.ts'
import type { ApiClient } from '../service/net/api-client.ts'
import { createApiClient } from '../service/net/api-client.ts'
import { createEgress } from '../service/net/egress.ts'
import { readTlsFiles } from '../service/net/tls-files.ts'
import { apiAccess } from '../service/operations/configuration.ts'
import type { ParsedDocument } from '../service/parse/parse-document.ts'
import { parseDocument } from '../service/parse/parse-document.ts'
import type { RequestPlan } from '../service/plan/types.ts'
import { readSettings } from '../service/read-settings.ts'
import { derivedTypeBounds } from '../service/settings.ts'
import type { CorpusFile } from './corpus-files.ts'
import { prismRefusals } from './judge-by-prism.ts'
import { planMappings } from './plan-mappings.ts'
import { prismCommand } from './prism-command.ts'
import { withProcesses } from './processes.ts'
import type { CheckedDocument, CheckedRequest } from './render-requests.ts'

/** Prism takes minutes to read larger documents. */
const BYTES_MAX = 2_000_000

/** How long a mock may take for one answer (ms). */
const ANSWER_MS = 60_000

const { settings } = readSettings({ EGRESS_ALLOW: '127.0.0.1' })

/**
 * Sends the request of every mapping that is inferred from documents to a mock of the same document, Stoplight Prism
 * with `--errors`, which tells what the document does not allow.
 *
 * @param count How many documents are asked. Those from which nothing is inferred do not count.
 * @throws Error with a one-line message when Prism cannot be installed.
 */
export async function checkRequests(
  files: readonly CorpusFile[],
  count: number
): Promise<CheckedDocument[]> {
  const command = await prismCommand()
  const client = createApiClient(
    settings,
    createEgress(settings, { secureContext: await readTlsFiles(settings) })
  )
  const checked: CheckedDocument[] = []
  try {
    for (const file of files) {
      if (checked.length === count) break
      const document = await checkDocument(file, command, client)
      if (document !== null) checked.push(document)
    }
  } finally {
    await client.close()
  }
  return checked
}

async function checkDocument(
  { name, file }: CorpusFile,
  command: string,
  client: ApiClient
): Promise<CheckedDocument | null> {
  const text = await readFile(file, 'utf8')
  if (text.length > BYTES_MAX) return null
  const document = parseDocument(text, 'application/json', `https://corpus.test/${name}`)
  const compiled = compileModel(document, derivedTypeBounds(settings))
  const model = unpackModel(packModel(compiled, ''))
  if (Object.keys(compiled.mappings).length === 0) return null
  try {
    return await withProcesses(async start => {
      const options = ['--errors', 'true', '--verboseLevel', 'silent']
      const prism = await start('./prism.ts', command, 'mock', file, ...options)
      return { name, problem: null, requests: await askMock(prism.url, document, model, client) }
    })
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'the mock failed'
    return { name, problem, requests: [] }
  }
}

async function askMock(
  url: string,
  document: ParsedDocument,
  model: OpenModel,
  client: ApiClient
): Promise<CheckedRequest[]> {
  const credentials = { 'api key': 'key', 'bearer token': 'token' }
  const login = { 'basic: username': 'user', 'basic: password': 'password' }
  const access = apiAccess({ 'server url': url, ...credentials, ...login }, settings)
  const requests: CheckedRequest[] = []
  for (const { key, plan, problem } of planMappings(document, model, access)) {
    const words = problem === null ? null : `${problem.code} ${problem.message}`
    requests.push({ key, problem: words, refusals: plan === null ? [] : await ask(plan, client) })
  }
  return requests
}

async function ask(plan: RequestPlan, client: ApiClient): Promise<string[]> {
  try {
    return prismRefusals(await client.send(apiRequest(plan), AbortSignal.timeout(ANSWER_MS)))
  } catch (error) {
    if (error instanceof ConnectorError) return [error.code]
    throw error
  }
}
