import { glob, readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

import { compileModel } from '../service/compiler/compile-model.ts'
import { ConnectorError } from '../service/errors.ts'
import { apiRequest } from '../service/exchange/api-request.ts'
import { packModel, unpackModel } from '../service/model/packed-model.ts'
import { createApiClient } from '../service/net/api-client.ts'
import { createEgress } from '../service/net/egress.ts'
import { readTlsFiles } from '../service/net/tls-files.ts'
import { apiAccess } from '../service/operations/configuration.ts'
import { parseDocument } from '../service/parse/parse-document.ts'
import { readSettings } from '../service/read-settings.ts'
import { derivedTypeBounds } from '../service/settings.ts'
import { chooseByHash } from './choose-by-hash.ts'
import { corpusFolder } from './corpus-folder.ts'
import { prismRefusals } from './judge-by-prism.ts'
import { planMappings } from './plan-mappings.ts'
import { prismCommand } from './prism-command.ts'
import type { Start } from './processes.ts'
import { withProcesses } from './processes.ts'
import { renderRequests } from './render-requests.ts'
import type { CheckedDocument, CheckedRequest } from './render-requests.ts'

// Sends the request of every mapping that is inferred from real documents to a mock of the same document, which refuses
// what the document does not allow. Exits with 1 if fewer than 95% are accepted.

/** Share of the requests that have to be accepted. */
const TARGET = 0.95

/** Prism takes minutes to read larger documents. */
const BYTES_MAX = 2_000_000

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false }
  }
})

setPriority(19)
const { settings } = readSettings({ EGRESS_ALLOW: '127.0.0.1' })
const client = createApiClient(settings, createEgress(settings, await readTlsFiles(settings)))
const folder = await corpusFolder()
const names = await Array.fromAsync(glob('**/*.json', { cwd: fileURLToPath(folder) }))
const wanted = names.filter(name => name.includes(values.only))
const command = await prismCommand()
const checked: CheckedDocument[] = []
for (const name of chooseByHash(wanted, wanted.length)) {
  if (checked.length === Number(values.count)) break
  const document = await checkDocument(name)
  if (document !== null) checked.push(document)
}
await client.close()
const { text, share } = renderRequests(checked)
process.stdout.write(values.json ? `${JSON.stringify(checked, null, 2)}\n` : `${text}\n`)
if (share < TARGET) process.exitCode = 1

/** Null for a document from which no request is made. */
async function checkDocument(name: string): Promise<CheckedDocument | null> {
  const url = new URL(name, folder)
  const text = await readFile(url, 'utf8')
  if (text.length > BYTES_MAX) return null
  const document = parseDocument(text, 'application/json', url.href)
  const model = unpackModel(packModel(compileModel(document, derivedTypeBounds(settings)), ''))
  if ([...model.mappings.keys()].length === 0) return null
  return withProcesses(async (start: Start) => {
    const prism = await start('./prism.ts', command, 'mock', fileURLToPath(url), '--errors', 'true')
    const configuration = {
      'server url': prism.url,
      'api key': 'key',
      'bearer token': 'token',
      'basic: username': 'user',
      'basic: password': 'password'
    }
    const requests: CheckedRequest[] = []
    for (const { key, plan, problem } of planMappings(
      document,
      model,
      apiAccess(configuration, settings)
    )) {
      const refusals = plan === null ? [] : await refusalsOf(plan)
      requests.push({ key, problem: problem === null ? null : `${problem.code} ${problem.message}`, refusals })
    }
    return { name, problem: null, requests }
  }).catch((error: unknown) => ({
    name,
    problem: error instanceof Error ? error.message : 'unknown',
    requests: []
  }))
}

async function refusalsOf(plan: Parameters<typeof apiRequest>[0]): Promise<string[]> {
  try {
    return prismRefusals(await client.send(apiRequest(plan), AbortSignal.timeout(60_000)))
  } catch (error) {
    if (error instanceof ConnectorError) return [error.code]
    throw error
  }
}
