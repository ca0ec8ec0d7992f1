import { ConnectorError } from '../errors.ts'
import { boundParameters } from '../model/bound-parameters.ts'
import { pagingWords } from '../model/paging-words.ts'
import { typeNamed } from '../objects/type-lookup.ts'
import { explainFilter } from '../plan/filter/explain-filter.ts'
import { deleteObjects } from './delete-objects.ts'
import { withFirstPage } from './first-page-fields.ts'
import { listMapping } from './list-mapping.ts'
import { loadObjects } from './load-objects.ts'
import { openSession } from './open-session.ts'
import { saveObjects } from './save-objects.ts'
import type { Ports, Session } from './session.ts'
import { trialSecrets } from './trial-secrets.ts'
import { createTrialWatch } from './trial-watch.ts'
import type { Caller, LoadRequest, LoadResult, Trial, TryRequest } from './types.ts'

const NOTHING: LoadResult = { objects: [], hasMoreResults: false }

/**
 * Does what a flow does with a type, and tells how (docs/running.md#trying-a-type). A request that fails is told of
 * like one that succeeds.
 *
 * @throws ConnectorError for a document that cannot be opened, as `openSession`.
 */
export async function tryMapping(ports: Ports, given: Caller, request: TryRequest): Promise<Trial> {
  const start = performance.now()
  const session = await openSession(ports, given)
  const secrets = trialSecrets(session, request)
  const watch = createTrialWatch(secrets, start)
  const caller: Caller = { ...given, watch }
  let result = NOTHING
  let error: ConnectorError | null = null
  try {
    result = await work(ports, caller, request)
  } catch (thrown) {
    const { signal } = given.deadline
    error = problemOf(signal.aborted ? signal.reason : thrown)
  }
  return {
    result,
    error,
    ...watch.seen(),
    ...(request.verb === 'query'
      ? await explainQuery({ ...session, caller, watch }, request.load, error !== null)
      : NOT_A_LIST),
    secrets
  }
}

async function work(ports: Ports, caller: Caller, request: TryRequest): Promise<LoadResult> {
  if ('load' in request) return loadObjects(ports, caller, request.load)
  if (request.verb === 'delete') {
    await deleteObjects(ports, caller, request.write)
    return NOTHING
  }
  const objects = await saveObjects(ports, caller, request.write)
  return { objects, hasMoreResults: false }
}

/** A fault of ours is not told of: it fails the request. */
function problemOf(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error
  throw error
}

type QueryExplanation = Pick<Trial, 'conditions' | 'paging'>

const NOT_A_LIST: QueryExplanation = { conditions: [], paging: null }

/**
 * Explains the list of a query; nothing where its filter does not fit the type. For one that failed the API is not called
 * again.
 */
async function explainQuery(
  session: Session,
  { type: name, filter }: LoadRequest,
  isFailed: boolean
): Promise<QueryExplanation> {
  try {
    const complete = isFailed ? session : await withFirstPage(session, name)
    const type = typeNamed(complete.model.types, name)
    const { mapping, endpoint, answers } = listMapping(complete, type, filter)
    const isExample = !answers.takesParameters
    const operation = {
      parameters: boundParameters(endpoint, mapping.bindings),
      isGuessed: mapping.origin.from === 'inferred',
      isExample
    }
    return {
      conditions: explainFilter(operation, type, filter),
      paging: isExample ? null : pagingWords(answers.paging)
    }
  } catch (error) {
    problemOf(error)
    return NOT_A_LIST
  }
}
