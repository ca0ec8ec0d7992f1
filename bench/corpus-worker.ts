import '../service/base/forget-proto.ts'

import { readFileSync, writeFileSync } from 'node:fs'

import { isJsonObject } from '../service/base/json.ts'
import { judgeExamples } from '../service/compiler/example/judge-examples.ts'
import { locateDiagnostics } from '../service/compiler/locate-diagnostics.ts'
import { compileModel } from '../service/compiler/compile-model.ts'
import { rootTargets, linkDocument } from '../service/parse/link-document.ts'
import { ConnectorError } from '../service/errors.ts'
import type { PackedModel } from '../service/model/packed-model.ts'
import { packModel, unpackModel } from '../service/model/packed-model.ts'
import type { Diagnostic } from '../service/model/diagnostic.ts'
import { documentDiagnostic } from '../service/model/diagnostic.ts'
import { brokenRules } from '../service/parse/broken-rules.ts'
import type { ParsedDocument } from '../service/parse/parse-document.ts'
import { parseDocument } from '../service/parse/parse-document.ts'
import { describeTypes } from '../service/protocol/describe.ts'
import { apiAccess } from '../service/operations/configuration.ts'
import { derivedTypeBounds } from '../service/settings.ts'
import { readSettings } from '../service/read-settings.ts'
import { annotateDocument } from './annotate-document.ts'
import type { CorpusReply, CorpusTask } from './corpus-task.ts'
import { documentText } from './made-document.ts'
import { planMappings } from './plan-mappings.ts'

// Compiles documents of the corpus one after the other, each as the service does: text, model, packed form.

const { settings } = readSettings({})
const BOUNDS = derivedTypeBounds(settings)

/** Calls need a server, and some documents have none. */
const CONFIGURATION = { 'server url': 'https://api.test', 'bearer token': 'token' }

/** Where Linux tells the most memory of a process, since it was last told to forget it. */
const STATUS = '/proc/self/status'
const FORGET = '/proc/self/clear_refs'

process.on('disconnect', () => process.exit())
process.on('message', (task: CorpusTask) => {
  void perform(task).then(reply => process.send?.(reply))
})
process.send?.('ready')

async function perform({ file, form }: CorpusTask): Promise<CorpusReply> {
  const read = readFileSync(file, 'utf8')
  const text = form === 'annotated' ? annotatedText(read) : read
  gc?.()
  writeFileSync(FORGET, '5')
  const begun = process.cpuUsage()
  const measured = (): Pick<CorpusReply, 'milliseconds' | 'peakBytes'> => {
    const { user, system } = process.cpuUsage(begun)
    return { milliseconds: Math.round((user + system) / 1_000), peakBytes: peakBytes() }
  }
  const nothing = {
    ...{ problem: null, stack: null, types: 0, mappings: 0 },
    ...{ calls: {}, unplanned: [], diagnostics: [] }
  }
  try {
    const document = parsed(text, file)
    if (form === 'rules') {
      return { ...nothing, diagnostics: await ruleDiagnostics(document), ...measured() }
    }
    const model = compileModel(document, BOUNDS)
    const types = model.index.types.flatMap(name => model.types[name] ?? [])
    const packed = packModel(model, describeTypes(types))
    const mappings = Object.keys(model.mappings).length
    const { diagnostics } = model.index
    const compiled = { ...nothing, ...measured(), types: types.length, mappings, diagnostics }
    return form === 'plain' ? { ...compiled, ...planned(document, packed) } : compiled
  } catch (error) {
    if (error instanceof ConnectorError) return { ...nothing, ...measured(), problem: error.code }
    const stack = error instanceof Error ? (error.stack ?? error.name) : typeof error
    return { ...nothing, ...measured(), stack }
  }
}

function planned(
  document: ParsedDocument,
  packed: PackedModel
): Pick<CorpusReply, 'calls' | 'unplanned'> {
  const access = apiAccess(CONFIGURATION, settings)
  const plans = planMappings(document, unpackModel(packed), access)
  const verbs = Map.groupBy(plans, ({ key }) => key.slice(0, key.indexOf(':')))
  return {
    calls: Object.fromEntries([...verbs].map(([verb, all]) => [verb, all.length])),
    unplanned: plans.flatMap(({ key, problem }) =>
      problem === null ? [] : [{ key, problem: problem.code }]
    )
  }
}

/** Other documents are not read. */
function parsed(text: string, file: string): ParsedDocument {
  const url = `https://corpus.test/${file.split('/').at(-1)}`
  return linkDocument(parseDocument(text, 'application/json', url), url, [], rootTargets(url))
}

function annotatedText(text: string): string {
  const document: unknown = JSON.parse(text)
  return isJsonObject(document) ? documentText(annotateDocument(document)) : text
}

/** What `check` says besides: the rules of the OpenAPI Specification that are broken, the examples that do not fit. */
async function ruleDiagnostics(document: ParsedDocument): Promise<Diagnostic[]> {
  const broken = await brokenRules(JSON.stringify(document.root))
  const rules = broken.map(({ message, pointer }) => ({
    ...documentDiagnostic('RULE_BROKEN', { message }, document.url),
    pointer
  }))
  return [...rules, ...locateDiagnostics(judgeExamples(document), document)]
}

function peakBytes(): number {
  const [, kilobytes] = /^VmHWM:\s*(\d+)/m.exec(readFileSync(STATUS, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}
