import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import { explainExchange } from '../../exchange/explain-exchange.ts'
import type { ShownRequest } from '../../exchange/shown-request.ts'
import type { MappingVerb } from '../../model/mapping-record.ts'
import { VERBS } from '../../model/mapping-record.ts'
import { packModel, unpackModel } from '../../model/packed-model.ts'
import type { TypeRecord } from '../../model/type-record.ts'
import type { Types } from '../../objects/type-lookup.ts'
import { typeNamed } from '../../objects/type-lookup.ts'
import type { FlowObject } from '../../objects/types.ts'
import { deleteObjects } from '../../operations/delete-objects.ts'
import { needsFirstPage, withFirstPage } from '../../operations/first-page-fields.ts'
import { loadObjects } from '../../operations/load-objects.ts'
import { planRows } from '../../operations/plan-rows.ts'
import { openSession } from '../../operations/open-session.ts'
import { saveObjects } from '../../operations/save-objects.ts'
import type { Ports, Session } from '../../operations/session.ts'
import type { LoadResult } from '../../operations/types.ts'
import type { ListFilter } from '../../plan/types.ts'
import type { CommandContext, CommandInput } from '../command.ts'
import { describeFailure } from '../describe-failure.ts'
import { OVERLAY } from '../document/overlay-option.ts'
import type { OpenCommand } from '../session/open-command.ts'
import { openCommand } from '../session/open-command.ts'
import { readConfiguration } from '../session/read-configuration.ts'
import { explanationLine, filterLines } from '../session/filter-lines.ts'
import { readFilter } from '../session/filter-options.ts'
import { knownType } from '../session/known-type.ts'
import type { ExitCode } from '../terminal.ts'
import { CommandError } from '../terminal.ts'
import { buildObject } from './build-object.ts'
import type { CallOptions } from './call-command.ts'
import { objectsJson, objectsTable } from './render-objects.ts'
import { renderRequest } from './render-request.ts'

/** Objects of a query without `--limit`. */
const USUAL_LIMIT = 20

/** What a verb takes besides the options of all. */
type VerbNeeds = { readonly id: 'needed' | 'taken' | 'refused'; readonly takesValues: boolean }

const VERB_NEEDS: { readonly [verb in MappingVerb]: VerbNeeds } = {
  load: { id: 'taken', takesValues: false },
  query: { id: 'refused', takesValues: false },
  save: { id: 'taken', takesValues: true },
  update: { id: 'needed', takesValues: true },
  delete: { id: 'needed', takesValues: true }
}

/**
 * `openapi-flow call DOC TYPE VERB`: does what a flow does with a type, and shows the objects. With `--explain`, it
 * shows the first request, and of a list what is evaluated here, and sends nothing (docs/terminal.md#call).
 *
 * @returns 1 when the call cannot be made or is refused.
 * @throws ConnectorError for an unusable document, configuration or type; CommandError for options that do not fit
 *   the verb.
 */
export async function call(
  input: CommandInput,
  options: CallOptions,
  context: CommandContext
): Promise<ExitCode> {
  const [document = '', typeName = '', verb = ''] = input.operands
  const known = verbNamed(verb, options)
  const given = readFilter(input)
  const configuration = await readConfiguration(input, context.terminal)
  const values = options.isExample ? { ...configuration, responses: 'example' } : configuration
  const { signal } = new AbortController()
  const overlays = input.values(OVERLAY)
  const open = await openCommand(document, values, signal, context, overlays)
  try {
    const opened = options.isSampled ? await sampled(open) : open
    const type = knownType(opened, typeName, context.terminal)
    const isSampleLoaded = options.isSampled && known === 'load' && options.id === null
    const id = isSampleLoaded ? await sampleIdOf(opened, type) : options.id
    const filter = { ...given, id, limit: given.limit === 0 ? USUAL_LIMIT : given.limit }
    const object = buildObject(opened.session.model.types, type, options.id, options.set)
    const isList = !VERB_NEEDS[known].takesValues && id === null
    const make = (ports: Ports): Promise<LoadResult> =>
      VERB_NEEDS[known].takesValues
        ? write(known, ports, opened, object)
        : loadObjects(ports, opened.caller, { type: type.name, filter })
    try {
      if (options.isExplained) {
        await explain(make, opened, context)
        if (isList) explainFilter(opened.session, type, filter, context)
        return 0
      }
      const result = await make(opened.ports)
      // Fields that the document does not declare were taken from the list that was loaded.
      const isLoaded = !VERB_NEEDS[known].takesValues
      const { model } = isLoaded ? await withFirstPage(opened.session, type.name) : opened.session
      show(result, type.name, model.types, options, context)
      return 0
    } catch (error) {
      context.terminal.err(describeFailure(error))
      return 1
    }
  } finally {
    await open.close()
  }
}

function verbNamed(given: string, { id, set, isSampled }: CallOptions): MappingVerb {
  const verb = VERBS.find(name => name === given.toLowerCase())
  if (verb === undefined) {
    const known = VERBS.join(', ')
    throw new CommandError(
      `there is no verb "${given}"${suggestion(nearest(given, VERBS))}; there are ${known}`
    )
  }
  const needs = VERB_NEEDS[verb]
  if (needs.id === 'needed' && id === null) throw new CommandError(`${verb} needs --id`)
  if (needs.id === 'refused' && id !== null) {
    throw new CommandError('query takes no --id; load does')
  }
  if (needs.takesValues && isSampled) throw new CommandError(`${verb} takes no --samples`)
  if (!needs.takesValues && set.length > 0) throw new CommandError(`${verb} takes no --set`)
  return verb
}

/** Loaded for those who ask for samples only, for a fast start. */
async function sampled(opened: OpenCommand): Promise<OpenCommand> {
  const { withSamples } = await import('./with-samples.ts')
  const read = { ...opened.read, model: withSamples(opened.read) }
  const model = unpackModel(packModel(read.model, '[]'))
  const ports: Ports = { ...opened.ports, open: () => ({ model, stale: [] }) }
  return { ...opened, read, ports, session: await openSession(ports, opened.caller) }
}

async function sampleIdOf({ read }: OpenCommand, type: TypeRecord): Promise<string | null> {
  const { sampleId } = await import('./with-samples.ts')
  return sampleId(read.model, type)
}

async function write(
  verb: MappingVerb,
  ports: Ports,
  { caller }: OpenCommand,
  object: FlowObject
): Promise<LoadResult> {
  const request = { type: object.developerName, objects: [object] }
  if (verb === 'delete') {
    await deleteObjects(ports, caller, request)
    return { objects: [], hasMoreResults: false }
  }
  return { objects: await saveObjects(ports, caller, request), hasMoreResults: false }
}

/** Shows the first request. What the use case makes of the missing answer is of no interest. */
async function explain(
  make: (ports: Ports) => Promise<LoadResult>,
  { ports }: OpenCommand,
  { terminal }: CommandContext
): Promise<void> {
  const seen: ShownRequest[] = []
  const { identity } = ports
  const clientTokens = { ...identity.clientTokens, authorization: async () => 'Bearer ***' }
  const live = explainExchange(request => void seen.push(request))
  try {
    await make({ ...ports, live, identity: { ...identity, clientTokens } })
  } catch (error) {
    if (seen.length === 0) throw error
  }
  const [first] = seen
  terminal.out(first === undefined ? 'No request: the document answers.' : renderRequest(first))
}

/** Says what of the filter the API is asked for. */
function explainFilter(
  session: Session,
  type: TypeRecord,
  filter: ListFilter,
  { terminal }: CommandContext
): void {
  const plan = needsFirstPage(type) ? null : planRows(session, type.name, filter)
  terminal.out('')
  for (const [word, text] of filterLines(plan)) terminal.out(explanationLine(word, text))
}

function show(
  { objects, hasMoreResults }: LoadResult,
  typeName: string,
  types: Types,
  { isJson }: CallOptions,
  { terminal }: CommandContext
): void {
  const type = typeNamed(types, typeName)
  terminal.out(isJson ? objectsJson(types, objects) : objectsTable(type, objects))
  if (hasMoreResults) terminal.err('There are more objects: raise --limit.')
}
