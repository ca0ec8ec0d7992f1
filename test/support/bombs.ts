/** A hostile document, or one that only looks hostile, and the expected result. */
export type Bomb = {
  /** Begins with its row id. */
  readonly name: string
  readonly text: string
  /** Code of the problem that refuses it; undefined for an accepted document. */
  readonly problem?: string
  /** Types of an accepted document, besides `Good`. */
  readonly types?: readonly string[]
  /** Codes of expected diagnostics. */
  readonly codes?: readonly string[]
}

/** A document with a type `Good`, further schemas, and an answer of `GET /good`. */
function documentOf(schemas: readonly string[], answer = '{ type: object }'): string {
  return `
openapi: 3.0.3
info: { title: Bomb, version: '1' }
servers: [{ url: 'https://bomb.example.com' }]
paths:
  /good:
    get: { responses: { '200': { description: a, content: { application/json: { schema: ${answer} } } } } }
components:
  schemas:
    Good: { type: object, x-flow-type: { name: Good }, x-flow-query: { path: /good }, properties: { id: { type: string } } }
${schemas.join('\n').replaceAll(/^/gm, '    ')}
`
}

function many(count: number, line: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => line(index))
}

/** A flow mapping of as many members. */
function members(count: number, member: (index: number) => string): string {
  return `{ ${many(count, member).join(', ')} }`
}

function ref(name: string): string {
  return `{ $ref: '#/components/schemas/${name}' }`
}

/** The type `T` with a property for each schema. */
function typeOf(count: number, schema: (index: number) => string): string {
  return `T: { type: object, x-flow-type: { name: T }, properties: ${members(count, index => `p${index}: ${schema(index)}`)} }`
}

const TEXT = '{ type: string }'
const OPENAPI = 'openapi: 3.0.3\ninfo: {}\n'

export const bombs: readonly Bomb[] = [
  {
    name: 'B4 an alias bomb of a few hundred bytes',
    text: `${OPENAPI}a0: &a0 [x, x]\n${many(30, i => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B4 an alias bomb of wide mappings',
    text: `${OPENAPI}a0: &a0 {a: x}\n${many(9, i => `a${i + 1}: &a${i + 1} ${members(20, k => `k${k}: *a${i}`)}`).join('\n')}`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B4 an alias of a long text, very often',
    text: `${OPENAPI}a: &a "${'x'.repeat(100_000)}"\nb: [${'*a, '.repeat(20_000)}]`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B4 an alias that stands in what it names',
    text: `${OPENAPI}a: &a { b: *a }`,
    problem: 'DOCUMENT_NOT_PARSED'
  },
  {
    name: 'B4 two thousand merges of a mapping',
    text: `${OPENAPI}b: &b ${members(100, i => `k${i}: 1`)}\n${many(2_000, i => `m${i}: { <<: *b }`).join('\n')}`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B4 a merge of two thousand mappings',
    text: `${OPENAPI}b: &b { k: 1 }\nm: { <<: [${'*b, '.repeat(2_000)}] }`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B4 mappings that merge each other in a chain',
    text: `${OPENAPI}m0: &m0 { k: 1 }\n${many(5_000, i => `m${i + 1}: &m${i + 1} { <<: *m${i}, k${i}: 1 }`).join('\n')}`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B4 a hundred thousand brackets in YAML',
    text: `${OPENAPI}a: ${'['.repeat(100_000)}`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B4 a hundred thousand levels of JSON',
    text: `{"openapi":"3.0.3","a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B4 a hundred thousand levels of JSON objects, and a long number',
    text: `{"openapi":"3.0.3","n":12345678901234567890,"a":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B5 a fan-out of references, ten at each of thirty levels',
    text: documentOf(
      [
        ...many(
          30,
          i =>
            `F${i}: { type: object, properties: ${members(10, k => `p${k}: ${i < 29 ? ref(`F${i + 1}`) : TEXT}`)} }`
        ),
        typeOf(1, () => ref('F0'))
      ],
      ref('F0')
    ),
    types: ['T', 'T:p0', 'T:p0:p9'],
    codes: ['TYPE_BOUND_REACHED']
  },
  {
    name: 'B5 a fan-out of parts that are combined, ten at each of thirty levels',
    text: documentOf([
      ...many(
        30,
        i =>
          `F${i}: { allOf: [${many(10, () => (i < 29 ? ref(`F${i + 1}`) : '{ type: object, properties: { last: { type: string } } }')).join(', ')}] }`
      ),
      typeOf(100, i => ref(`F${i % 30}`))
    ]),
    types: ['T', 'T:p0']
  },
  {
    name: 'B5 forty schemas that each combine all forty, met in a thousand places',
    text: documentOf([
      ...many(
        40,
        i =>
          `C${i}: { allOf: [${many(40, k => ref(`C${k}`)).join(', ')}], properties: { c${i}: ${TEXT} } }`
      ),
      typeOf(1_000, i => `{ allOf: [${ref(`C${i % 40}`)}] }`)
    ]),
    types: ['T'],
    codes: ['REF_CYCLE']
  },
  {
    name: 'B5 forty schemas that are each one of all forty',
    text: documentOf([
      ...many(
        40,
        i =>
          `C${i}: { oneOf: [${many(40, k => ref(`C${k}`)).join(', ')}], properties: { c${i}: ${TEXT} } }`
      ),
      typeOf(1_000, i => ref(`C${i % 40}`))
    ]),
    types: ['T']
  },
  {
    name: 'B5 schemas that refer to themselves in every way',
    text: documentOf([
      `Self: ${ref('Self')}`,
      `Left: ${ref('Right')}`,
      `Right: ${ref('Left')}`,
      `Inside: { allOf: [${ref('Inside')}], x-flow-type: { name: Inside }, properties: { a: ${ref('Inside')} } }`,
      `Items: { type: array, items: ${ref('Items')} }`,
      `Map: { additionalProperties: ${ref('Map')} }`,
      `Choice: { oneOf: [${ref('Choice')}, ${ref('Good')}] }`,
      typeOf(6, i => ref(['Self', 'Left', 'Items', 'Map', 'Choice', 'Inside'][i] ?? ''))
    ]),
    types: ['T', 'Inside'],
    codes: ['REF_CYCLE']
  },
  {
    name: 'B5 a chain of five thousand references, entered everywhere',
    text: documentOf([
      ...many(
        5_000,
        i =>
          `S${i}: ${i < 4_999 ? ref(`S${i + 1}`) : '{ type: object, properties: { last: { type: string } } }'}`
      ),
      typeOf(5_000, i => ref(`S${i}`))
    ]),
    types: ['T', 'T:p0', 'T:p199'],
    codes: ['TYPE_BOUND_REACHED']
  },
  {
    name: 'B5 three thousand mappings of an answer of two thousand members',
    text: documentOf(
      [
        `Big: { type: object, properties: ${members(2_000, i => `p${i}: { type: string, example: a }`)} }`,
        ...many(
          3_000,
          i =>
            `T${i}: { x-flow-type: { name: T${i} }, x-flow-query: { path: /good }, properties: { a: {} } }`
        )
      ],
      ref('Big')
    ),
    types: ['T0'],
    codes: ['DOCUMENT_TOO_WIDE']
  },
  {
    name: 'B5 two thousand types that all have five thousand properties',
    text: documentOf([
      `Big: { type: object, properties: ${members(5_000, i => `p${i}: ${TEXT}`)} }`,
      ...many(
        2_000,
        i =>
          `T${i}: { x-flow-type: { name: T${i} }, allOf: [${ref('Big')}], properties: { own: ${TEXT} } }`
      )
    ]),
    types: ['T0', 'T1'],
    codes: ['DOCUMENT_TOO_WIDE']
  },
  {
    name: 'B6 five thousand entities, each of which refers to the next',
    text: documentOf(
      many(
        5_000,
        i =>
          `E${i}: { type: object, ${i === 0 ? 'x-flow-type: { name: E0 }, ' : ''}properties: { id: ${TEXT}, next: ${ref(`E${(i + 1) % 5_000}`)} } }`
      )
    ),
    types: ['E0', 'E0:next', 'E0:next:next'],
    codes: ['TYPE_BOUND_REACHED']
  },
  {
    name: 'B6 a hundred and fifty schemas, each of which adds to the next',
    text: documentOf(
      many(
        150,
        i =>
          `A${i}: { ${i === 0 ? 'x-flow-type: { name: A0 }, ' : ''}allOf: [${i < 149 ? ref(`A${i + 1}`) : '{ type: object }'}], properties: { a${i}: ${TEXT} } }`
      )
    ),
    types: ['A0']
  },
  {
    name: 'B6 five thousand schemas, each of which adds to the next',
    text: documentOf(
      many(
        5_000,
        i =>
          `A${i}: { x-flow-type: { name: A${i} }, allOf: [${ref(`A${(i + 1) % 5_000}`)}], properties: { a${i}: ${TEXT} } }`
      )
    ),
    types: ['A0'],
    codes: ['SCHEMA_MALFORMED']
  },
  {
    name: 'B10 a schema of twenty thousand properties',
    text: documentOf([typeOf(20_000, () => TEXT)]),
    types: ['T']
  },
  {
    name: 'B10 arrays of arrays, three thousand deep by references',
    text: documentOf([
      ...many(3_000, i => `L${i}: { type: array, items: ${ref(`L${i + 1}`)} }`),
      `L3000: { type: object, properties: { a: ${TEXT} } }`,
      typeOf(1, () => ref('L0'))
    ]),
    types: ['T']
  },
  {
    name: 'B10 arrays of arrays, three thousand deep by hand',
    text: `${OPENAPI}x: ${'{ items: '.repeat(3_000)}{}${' }'.repeat(3_000)}`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B10 four thousand equal values of a list that has to be unique',
    text: documentOf([
      typeOf(
        1,
        () =>
          `{ type: array, uniqueItems: true, enum: [[${'{ a: 1 }, '.repeat(4_000)}]], items: { type: object } }`
      )
    ]),
    types: ['T']
  },
  {
    name: 'B10 twenty thousand keys and members that are none',
    text: documentOf([
      `Odd: ${members(10_000, i => `x-flow-${i}: 1`)}`,
      `T: { x-flow-type: { name: T, customProperties: ${members(5_000, i => `c${i}: ${i}`)} }, x-flow-query: { path: /good, exclude: ${members(5_000, i => `c${i}: ${i}`)} }, properties: { a: {} } }`
    ]),
    types: ['T'],
    codes: ['EXTENSION_UNKNOWN', 'EXTENSION_MALFORMED', 'FINDINGS_UNTOLD']
  },
  {
    name: 'B10 two thousand mappings that look for what is nearly there',
    text: documentOf([
      `N: { x-flow-type: { name: N }, x-flow-query: { path: /good, parameters: ${members(2_000, i => `parameter${i}: propertz${i}`)} }, properties: ${members(2_000, i => `property${i}: {}`)} }`,
      ...many(
        2_000,
        i =>
          `T${i}: { x-flow-type: { name: T${i} }, x-flow-query: { path: /godo }, properties: { a: {} } }`
      )
    ]),
    types: ['T0', 'N'],
    codes: ['MAPPING_PATH_UNKNOWN', 'PARAMETER_UNKNOWN']
  },
  {
    name: 'B10 five thousand schemas that claim the name of a large one',
    text: documentOf([
      `Big: { x-flow-type: { name: Same }, properties: ${members(5_000, i => `p${i}: ${TEXT}`)} }`,
      ...many(5_000, i => `T${i}: { x-flow-type: { name: Same }, properties: { a${i}: {} } }`)
    ]),
    types: ['Same'],
    codes: ['TYPE_NAME_CLAIMED']
  },
  {
    name: 'B10 sixteen thousand names that differ only in their case',
    text: documentOf([
      `T: { x-flow-type: { name: T }, properties: ${members(16_000, i => `${[...'abcdefghijklmn'].map((letter, bit) => ((i >> bit) & 1 ? letter.toUpperCase() : letter)).join('')}: {}`)} }`
    ]),
    types: ['T'],
    codes: ['PROPERTY_RENAMED']
  },
  {
    name: 'B10 an enum of a hundred thousand values',
    text: documentOf([typeOf(1, () => `{ enum: [${many(100_000, String).join(',')}] }`)]),
    types: ['T', 'T:p0 values']
  },
  {
    name: 'B10 a number of two hundred thousand digits',
    text: documentOf([typeOf(1, () => `{ type: number, example: 0.${'0'.repeat(200_000)}1 }`)]),
    types: ['T']
  },
  {
    name: 'B10 a choice of a thousand schemas that all have a thousand properties',
    text: documentOf([
      `Big: { type: object, properties: ${members(1_000, i => `p${i}: ${TEXT}`)} }`,
      ...many(1_000, i => `O${i}: { allOf: [${ref('Big')}], title: O${i} }`),
      typeOf(1, () => `{ oneOf: [${many(1_000, i => ref(`O${i}`)).join(', ')}] }`)
    ]),
    types: ['T'],
    codes: ['DOCUMENT_TOO_WIDE']
  },
  {
    name: 'B10 a key of half a megabyte, with thousands of places behind it',
    text: `${OPENAPI}components: { schemas: { ? ${'x'.repeat(500_000)} : { x-flow-type: { name: T }, properties: ${members(5_000, i => `p${i}: {}`)} } } }`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B10 long keys inside each other',
    text: `{"openapi":"3.0.3","a":${many(100, i => `{"${'x'.repeat(60)}${i}":`).join('')}1${'}'.repeat(100)}}`,
    problem: 'DOCUMENT_TOO_COMPLEX'
  },
  {
    name: 'B10 a type with a name of half a megabyte',
    text: documentOf([
      `T: { x-flow-type: { name: ${'x'.repeat(500_000)} }, properties: ${members(5_000, i => `p${i}: { type: object, properties: { a: {} } }`)} }`
    ]),
    codes: ['EXTENSION_MALFORMED']
  },
  {
    name: 'B6 two hundred types inside each other, with long names',
    text: documentOf([
      ...many(
        200,
        i =>
          `E${i}: { type: object, properties: { ${'x'.repeat(3_900)}: ${ref(`E${(i + 1) % 200}`)} } }`
      ),
      typeOf(1, () => ref('E0'))
    ]),
    types: ['T', 'T:p0'],
    codes: ['NAME_SHORTENED']
  }
]
