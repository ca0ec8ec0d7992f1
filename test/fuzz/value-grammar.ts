import type { JsonObject, JsonValue } from '../../service/base/json.ts'
import { isJsonArray, isJsonObject, member } from '../../service/base/json.ts'
import type { Chooser } from './chooser.ts'

const TEXTS = [
  '',
  'a',
  '1',
  '2024-03-01',
  '2024-03-01T10:00:00Z',
  'true',
  'null',
  '\ud800',
  'Ā',
  '\0',
  '/next?q=2',
  'http://127.0.0.1:1/x',
  'x'.repeat(70_000),
  '{"a":1}',
  '漢'
] as const
const WRONG: readonly [JsonValue, ...JsonValue[]] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'x',
  [],
  {},
  [null],
  [[]],
  [{}],
  { id: null },
  { error: 'no' },
  { ok: false }
]

/** A little more than the bounds of a configuration (docs/settings.md). */
const CONFIG_BYTES = 66_000
const CONFIG_VALUES = 102

const DEPTH_MAX = 6
const ROWS_MAX = 1_500

/** Grows a value that a schema allows, with mistakes now and then, and of any size. */
export function growValue(
  chooser: Chooser,
  schema: JsonValue | undefined,
  schemas: { readonly [name: string]: JsonObject },
  depth = 0
): JsonValue {
  const { pick, once, below } = chooser
  if (once(25) || depth > DEPTH_MAX) return pick(WRONG)
  const inner = (given: JsonValue | undefined): JsonValue =>
    growValue(chooser, given, schemas, depth + 1)
  const target = member(schema, '$ref')
  if (typeof target === 'string') return inner(schemas[target.split('/').at(-1) ?? ''])
  for (const keyword of ['oneOf', 'anyOf', 'allOf']) {
    const choices = member(schema, keyword)
    if (isJsonArray(choices)) return inner(choices[below(choices.length)])
  }
  const properties = member(schema, 'properties')
  const others = member(schema, 'additionalProperties')
  switch (member(schema, 'type')) {
    case 'object': {
      const members = Object.entries(isJsonObject(properties) ? properties : {})
        .filter(() => !once(6))
        .map(([name, given]) => [name, inner(given)] as const)
      const more =
        others === undefined ? [] : chooser.some(5, index => [`k${index}`, inner(others)] as const)
      return Object.fromEntries([...members, ...more])
    }
    case 'array': {
      // One long list in another would be longer than any text.
      const size = depth <= 1 && once(20) ? below(ROWS_MAX / 20 ** depth) : below(5)
      return Array.from({ length: size }, () => inner(member(schema, 'items')))
    }
    case 'integer':
      return pick<JsonValue>([0, 1, 17, -3, 2 ** 53, 2.5, '7'])
    case 'number':
      return pick<JsonValue>([0, 1.25, -1e-9, 1e21, '1,234.5'])
    case 'boolean':
      return pick<JsonValue>([true, false, 'yes', 0])
    default:
      return pick(TEXTS)
  }
}

/** The values of a configuration, each as long as it likes. */
export function growConfiguration(
  chooser: Chooser,
  schemaUrl: string
): { readonly [name: string]: string } {
  const { pick, once, below, size } = chooser
  const texts = [
    '',
    'secret-4711',
    'A=1\nB=2',
    'Ā',
    '\ud800',
    'x'.repeat(size(CONFIG_BYTES)),
    'a.example\n'.repeat(size(CONFIG_BYTES / 10)),
    'A=1\n'.repeat(size(CONFIG_BYTES / 4)),
    '*.example.com',
    'user',
    'shared',
    schemaUrl,
    '/v1'
  ] as const
  const names = [
    'API Key',
    'Bearer Token',
    'Basic: Username',
    'Basic: Password',
    'OAuth2/OIDC: Client Id',
    'OAuth2/OIDC: Client Secret',
    'Schema Token',
    'Server URL',
    'Server Variables',
    'Login',
    'Allowed Hosts',
    'Variables'
  ] as const
  const given: [string, string][] = [
    ['API Key', 'secret-4711'],
    ['Variables', 'A=1\nB=2']
  ]
  const most = once(12) ? CONFIG_VALUES : 4
  if (once(3))
    for (let count = below(most); count > 0; count--) given.push([pick(names), pick(texts)])
  if (most === CONFIG_VALUES)
    given.push(...chooser.some(most, index => [`X${index}`, pick(texts)] as [string, string]))
  return { ...Object.fromEntries(given), 'Schema URL': schemaUrl }
}
