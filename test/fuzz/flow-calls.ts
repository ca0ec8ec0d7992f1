import type { JsonValue } from '../../service/base/json.ts'
import type { Configuration, FlowAnswer, StartedConnector } from '../support/start-connector.ts'
import { condition, flowObject } from '../support/start-connector.ts'
import { growBulkFilter, growBulkSave } from './bulk-grammar.ts'
import type { Chooser } from './chooser.ts'
import type { GrownDocument } from './document-grammar.ts'
import { growValue } from './value-grammar.ts'

const TEXTS = ['1', 'a', '', '\ud800', '漢', 'x'.repeat(3_000), '2024-03-01'] as const
const CRITERIA = ['EQUAL', 'NOT_EQUAL', 'CONTAINS', 'GREATER_THAN', 'IS_EMPTY'] as const
const DIRECTORIES = [
  '/authorization',
  '/authorization/user',
  '/authorization/group',
  '/authorization/user/attribute'
] as const

/** One of so many requests is as large as may be. */
const BULK = 12

/** Types of one document that are called. */
const TYPES_MAX = 5

/** Calls of everything that a document offers, in the order of a flow. */
export function growCalls(
  chooser: Chooser,
  { types, schemas }: GrownDocument,
  connector: StartedConnector,
  configuration: Configuration
): (readonly [name: string, call: () => Promise<FlowAnswer>])[] {
  const { pick, below, once } = chooser
  const grown = (type: string): object => {
    const value = growValue(chooser, schemas[type], schemas)
    const members = Object.entries(typeof value === 'object' && value !== null ? value : {})
    return Object.fromEntries(members.map(([name, held]) => [name, flowValue(held)]))
  }
  const object = (type: string, id: string | null): object =>
    flowObject(id, { name: pick(TEXTS), ...grown(type) })
  const smallFilter = (): object => ({
    limit: pick([0, 1, 10, 1_000]),
    offset: pick([0, 1, 50]),
    ...(once(3) && { search: pick(TEXTS) }),
    ...(once(3) && {
      orderByPropertyDeveloperName: pick(['id', 'name', 'nothing']),
      orderByDirectionType: 'DESC'
    }),
    ...(once(4) && { offsetToken: pick(TEXTS) }),
    where: chooser.some(3, () =>
      condition(pick(['id', 'name', 'status', 'tags', 'é']), pick(TEXTS), pick(CRITERIA))
    )
  })
  const filter = (): object => (once(BULK) ? growBulkFilter(chooser, columns) : smallFilter())
  const columns = types.flatMap(type => Object.keys(Object(schemas[type]?.properties)))
  const logIn = (): object => ({
    username: pick(TEXTS),
    password: pick(TEXTS),
    code: pick([null, 'c', '', 'x'.repeat(9_000)]),
    redirectUri: pick([null, 'https://flow.example/back', '//', '']),
    token: pick([null, 'x', '\ud800']),
    tenantId: pick(['t', '', '\ud800'])
  })
  const authorization = {
    globalAuthenticationType: pick(['ALL_USERS', 'SPECIFIED', 'PUBLIC', 'odd']),
    users: chooser.some(50, () => ({ authenticationId: pick(TEXTS), attribute: pick(TEXTS) })),
    groups: chooser.some(50, () => ({ authenticationId: pick(TEXTS), attribute: pick(TEXTS) }))
  }
  const configurationValues = Object.entries(configuration).map(
    ([developerName, contentValue]) => ({ developerName, contentValue })
  )
  const bulkSave = (type: string): Promise<FlowAnswer> =>
    connector.send('PUT', '/data', growBulkSave(chooser, { configurationValues }, type))
  return [
    ['install', () => connector.send('POST', '/metadata/install')],
    ['preview', () => connector.send('POST', '/preview')],
    ['catalog', () => connector.send('POST', '/catalog')],
    ['overlay', () => connector.send('POST', '/overlay')],
    ['log in', () => connector.send('POST', '/authentication', logIn())],
    ...DIRECTORIES.map(
      path => [path, () => connector.send('POST', path, { authorization })] as const
    ),
    ...types
      .slice(0, TYPES_MAX)
      .flatMap(type => [
        [`query ${type}`, () => connector.load(type, filter())] as const,
        [`query ${type} again`, () => connector.load(type, filter())] as const,
        [`load ${type}`, () => connector.load(type, { id: pick(TEXTS) })] as const,
        [
          `save ${type}`,
          () =>
            once(BULK)
              ? bulkSave(type)
              : connector.save(
                  type,
                  ...Array.from({ length: 1 + below(4) }, () => object(type, null))
                )
        ] as const,
        [`update ${type}`, () => connector.save(type, object(type, pick(TEXTS)))] as const,
        [`delete ${type}`, () => connector.remove(type, object(type, pick(TEXTS)))] as const
      ])
  ]
}

/** A value as the platform sends it: text, or objects of any shape. */
function flowValue(value: JsonValue): string | null | object[] {
  if (value === null || typeof value === 'string') return value
  if (typeof value !== 'object') return String(value)
  return [value]
    .flat()
    .slice(0, 20)
    .map(item => flowObject(null, { Value: JSON.stringify(item) }))
}
