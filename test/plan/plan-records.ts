import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { parseDocument } from '../../service/parse/parse-document.ts'
import type { ProblemCode } from '../../service/errors.ts'
import { ConnectorError } from '../../service/errors.ts'
import { compileModel } from '../../service/compiler/compile-model.ts'
import { openModel } from '../support/open-model.ts'
import type { ConnectorModel } from '../../service/model/connector-model.ts'
import type { BoundParameter } from '../../service/model/bound-parameters.ts'
import { NO_PAGING, plainParameter, USUAL_CONDUCT } from '../../service/model/endpoint-record.ts'
import type { TypeRecord } from '../../service/model/type-record.ts'
import { planRequest } from '../../service/plan/plan-request.ts'
import type {
  ApiAccess,
  FilterCondition,
  FilterGroup,
  ListFilter,
  OperationInput,
  RequestPlan
} from '../../service/plan/types.ts'
import type { MappedCall } from '../support/mapped-call.ts'
import { recordsOf } from '../support/mapped-call.ts'
import { objectType, scalar, typeRecords } from '../support/type-record.ts'

/** A query parameter of text that nothing fills, with what differs. */
export function parameter(name: string, given: Partial<BoundParameter> = {}): BoundParameter {
  return {
    ...plainParameter(name, given.in === 'body' ? 'query' : (given.in ?? 'query')),
    sources: [],
    encodeTwice: false,
    fromHeaders: false,
    ...given
  }
}

/** A query of type `Thing` at https://api.example.com/things, with what differs. */
export function operation(given: Partial<MappedCall> = {}): MappedCall {
  return {
    key: 'query:Thing',
    verb: 'query',
    type: 'Thing',
    pointer: '',
    method: 'GET',
    path: '/things',
    server: { url: 'https://api.example.com', variables: {} },
    security: [],
    sendsByName: false,
    apiKeySchemes: (given.security ?? [])
      .flat()
      .flatMap(({ kind, name }) => (kind === 'apiKey' ? [name] : [])),
    parameters: [],
    body: null,
    accept: 'application/json',
    batchSize: null,
    records: { at: 'search' },
    answer: { list: null, saved: null },
    answersJson: true,
    paging: NO_PAGING,
    conduct: USUAL_CONDUCT,
    failure: 'guessed',
    example: null,
    ...given
  }
}

export const THING: TypeRecord = objectType('Thing', [
  scalar('Name'),
  scalar('Size', 'integer'),
  scalar('Born', 'date'),
  scalar('Colour 1', 'text', { key: 'colour' })
])

/** Configuration without anything, with what differs. */
export function access(given: Partial<ApiAccess> = {}): ApiAccess {
  return {
    apiKey: null,
    bearerToken: null,
    basic: null,
    client: null,
    hasCertificate: false,
    login: null,
    loginIsShared: false,
    serverUrl: null,
    serverVariables: {},
    allowedHosts: null,
    variables: {},
    ...given
  }
}

export function input(given: Partial<OperationInput> = {}): OperationInput {
  return {
    id: null,
    object: null,
    body: null,
    filter: null,
    page: null,
    ifMatch: null,
    user: {},
    ...given
  }
}

export function group(
  join: 'AND' | 'OR',
  conditions: readonly FilterCondition[],
  groups: readonly FilterGroup[] = []
): FilterGroup {
  return { join, conditions, groups }
}

/** A condition: `where('Name', 'EQUAL', 'x')`. */
export function where(
  column: string,
  criterion: FilterCondition['criterion'],
  value: string | null
): FilterCondition {
  return { column, criterion, value }
}

/** A filter that allows everything, with what differs. */
export function listFilter(given: Partial<ListFilter> = {}): ListFilter {
  return {
    id: null,
    where: group('AND', []),
    order: [],
    search: null,
    searchColumns: [],
    limit: 0,
    offset: 0,
    offsetToken: null,
    providedIds: null,
    ...given
  }
}

/** Plans a call of an operation on type `Thing`. */
export function plan(
  given: Partial<MappedCall>,
  called: { access?: Partial<ApiAccess>; input?: Partial<OperationInput>; type?: TypeRecord } = {}
): RequestPlan {
  const { mapping, endpoint } = recordsOf(operation(given))
  return planRequest({
    endpoint,
    use: mapping,
    types: typeRecords(called.type ?? THING),
    documentUrl: 'https://docs.example.com/v1/openapi.yaml',
    access: access(called.access),
    input: input(called.input)
  })
}

/** The query of a plan's URL as it is sent, without its `?`. */
export function sentQuery({ url }: RequestPlan): string {
  return new URL(url).search.slice(1)
}

/** A bundled sample, compiled. */
async function sampleModel(name: string): Promise<ConnectorModel> {
  const file = new URL(`../../openapi-samples/${name}.yaml`, import.meta.url)
  const text = await readFile(file, 'utf8')
  const document = parseDocument(text, 'text/yaml', `https://docs.example.com/v1/${name}.yaml`)
  return compileModel(document, { perType: 200, total: 5_000 })
}

/** Plans a call of an operation of a bundled sample. */
export async function planSample(
  name: string,
  key: string,
  called: { access?: Partial<ApiAccess>; input?: Partial<OperationInput> } = {}
): Promise<RequestPlan> {
  const model = await sampleModel(name)
  const mapping = model.mappings[key]
  const endpoint = model.endpoints[mapping?.endpoint ?? '']
  assert.ok(mapping && endpoint, `${name} has no mapping ${key}`)
  return planRequest({
    endpoint,
    use: mapping,
    types: openModel(model).types,
    documentUrl: model.index.documentUrl,
    access: access(called.access),
    input: input(called.input)
  })
}

/** The problem that an action ends in, whose code is checked. */
export function problem(code: ProblemCode, act: () => unknown): ConnectorError {
  try {
    act()
  } catch (error) {
    assert.ok(error instanceof ConnectorError, String(error))
    assert.equal(error.code, code, error.message)
    return error
  }
  return assert.fail(`no problem, where ${code} was expected`)
}
