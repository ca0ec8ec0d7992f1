import { ConnectorError } from '../../errors.ts'
import type { Catalog, CatalogEndpoint } from '../../model/catalog.ts'
import type { MetadataClient } from '../server/metadata-client.ts'
import { createServerDialect } from '../server/server-dialect.ts'
import type { Workflow } from '../workflow/workflow.ts'
import type { KnownEntities } from './delete-gone.ts'
import { deleteGone, tellGoneEndpoints } from './delete-gone.ts'
import type { EntityRequest } from './entity-requests.ts'
import { collectionRequest, endpointRequest } from './entity-requests.ts'
import { inParallel } from './in-parallel.ts'
import type { KnownEntity } from './kept-edits.ts'
import { listKnown } from './list-known.ts'
import type { PushPlan } from './plan-push.ts'
import { planPush } from './plan-push.ts'
import type { EntityKind, Reporting } from './run-report.ts'
import { writeService } from './service-entity.ts'
import type { EntityWriting } from './write-entity.ts'
import { writeEntity } from './write-entity.ts'

/** Told how many entities were tried, of how many. */
export type PushProgress = (tried: number, all: number) => void

/** Writes at a time. */
const PARALLEL = 8

/** Failures after which no other call can succeed. */
const FATAL: ReadonlySet<string> = new Set([
  'CIRCUIT_OPEN',
  'EGRESS_DENIED',
  'METADATA_DENIED',
  'METADATA_SERVER_WRONG',
  'METADATA_STOPPED'
])

const PATHS = { collections: 'apiCollections', endpoints: 'apiEndpoints' } as const
const WORDS = { collections: 'collection', endpoints: 'endpoint' } as const

type Push = {
  readonly plan: PushPlan
  readonly writing: EntityWriting
  readonly client: MetadataClient
  readonly report: Reporting
  /** How many were tried. */
  readonly tried: Record<EntityKind, number>
  readonly progress: PushProgress
  /** Whether something failed after which the run cannot go on. */
  isCut: boolean
}

/**
 * Tells a server what a catalog has (docs/catalog.md#what-is-sent-where): the service, then all collections, then their
 * endpoints. What the server has as the source has it is not written again, so that a run that was cut is taken up by the
 * next one. Collections that are gone from the source are deleted softly, if everything else was written.
 *
 * @param report Told of all that was done, and of all that failed.
 */
export async function pushCatalog(
  catalog: Catalog,
  workflow: Workflow,
  client: MetadataClient,
  report: Reporting,
  progress: PushProgress = () => {}
): Promise<void> {
  const plan = planPush(catalog, workflow)
  const writing = { client, dialect: createServerDialect(), overrides: workflow.overrides }
  const tried = { collections: 0, endpoints: 0 }
  const push: Push = { plan, writing, client, report, tried, progress, isCut: false }
  report.count('collections', 'filtered', plan.filtered.collections)
  report.count('endpoints', 'filtered', plan.filtered.endpoints)
  if (catalog.counts.endpointsLeft > 0) {
    report.leaveOut(`${catalog.counts.endpointsLeft} operations are too many for a catalog`)
  }
  try {
    await pushService(workflow, client, report)
    const known = await pushEntities(push)
    if (!push.isCut) tellGoneEndpoints(plan, known, report)
    if (workflow.marksDeleted) await deleteGone(plan, known, client, report)
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    report.fail('server', client.host, error)
  }
  report.count('collections', 'unsent', plan.collections.length - tried.collections)
  report.count('endpoints', 'unsent', plan.endpoints.length - tried.endpoints)
}

async function pushService(
  { serviceName, stored }: Workflow,
  client: MetadataClient,
  report: Reporting
): Promise<void> {
  if (await writeService(serviceName, stored, client)) return
  report.warn('the connection is not stored, because the server knows no such members of it')
}

/** Writes all collections, then all endpoints. @returns What the server had before. */
async function pushEntities(push: Push): Promise<KnownEntities> {
  const { plan, client } = push
  const { service } = plan
  const collections = await listKnown(client, 'apiCollections', service)
  const written = new Set<string>()
  await inParallel(plan.collections, PARALLEL, async collection => {
    const request = collectionRequest(service, collection)
    const known = collections.get(request.fullName)
    if (await write(push, 'collections', request, known)) written.add(collection.name)
  })
  if (push.isCut) return { collections, endpoints: new Map() }
  const endpoints = await listKnown(client, 'apiEndpoints', service)
  const names = new Set<string>()
  await inParallel(plan.endpoints, PARALLEL, async endpoint => {
    const request = endpointRequest(service, endpoint)
    const fault = request.fault ?? faultAmong(endpoint, request, written, names)
    names.add(request.fullName)
    await write(push, 'endpoints', { ...request, fault }, endpoints.get(request.fullName))
  })
  return { collections, endpoints }
}

/** Why an endpoint cannot be written beside the others; null if it can. */
function faultAmong(
  { collection }: CatalogEndpoint,
  { fullName }: EntityRequest,
  collections: ReadonlySet<string>,
  names: ReadonlySet<string>
): string | null {
  if (!collections.has(collection)) return `its collection "${collection}" was not written`
  return names.has(fullName) ? 'another endpoint has its name' : null
}

/** Writes one entity, unless the run was cut. @returns Whether the server has it. */
async function write(
  push: Push,
  kind: EntityKind,
  request: EntityRequest,
  known: KnownEntity | undefined
): Promise<boolean> {
  if (push.isCut) return false
  const { plan, report, writing, tried, progress } = push
  const { fullName, fault } = request
  tried[kind]++
  const all = plan.collections.length + plan.endpoints.length
  progress(tried.collections + tried.endpoints, all)
  try {
    if (fault !== null) {
      throw new ConnectorError('METADATA_ENTITY_REFUSED', { entity: request.name, reason: fault })
    }
    report.count(kind, await writeEntity(PATHS[kind], request, known, writing))
    for (const warning of request.warnings) report.warn(`${fullName}: ${warning}`)
    return true
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    if (FATAL.has(error.code)) push.isCut = true
    report.fail(WORDS[kind], fullName, error)
    return false
  }
}
