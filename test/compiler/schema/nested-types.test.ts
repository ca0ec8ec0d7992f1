import assert from 'node:assert/strict'
import { test } from 'node:test'

import { compileSchemas, diagnosticsOf, installed, typeNamed } from '../../support/compile.ts'

test('B05 B06 a nested object without a name is Parent:prop, at every depth', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    b:
      type: object
      properties:
        c: {type: object, properties: {d: {type: string}}}
    list: {type: array, items: {$ref: '#/components/schemas/Item'}}
Item: {type: object, properties: {e: {type: object, properties: {f: {type: string}}}}}`)
  assert.deepEqual(installed(model), {
    A: ['b ContentObject A:b', 'list ContentList A:list'],
    'A:b': ['c ContentObject A:b:c'],
    'A:b:c': ['d ContentString'],
    'A:list': ['e ContentObject A:list:e'],
    'A:list:e': ['f ContentString']
  })
})

test('B05 one schema in two places is two types, each named by its place', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties: {one: {$ref: '#/components/schemas/P'}, two: {$ref: '#/components/schemas/P'}}
P: {properties: {x: {type: string}}}`)
  assert.deepEqual(Object.keys(installed(model)), ['A', 'A:one', 'A:two'])
})

test('B08 a list of scalars is a list of ID and Value', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    texts: {type: array, items: {type: string}}
    days: {type: array, items: {type: string, format: date}}
    mixed: {type: array, items: {oneOf: [{type: string}, {type: integer}]}}`)
  assert.deepEqual(installed(model), {
    A: ['texts ContentList A:texts', 'days ContentList A:days', 'mixed ContentList A:mixed'],
    'A:texts': ['ID ContentString', 'Value ContentString'],
    'A:days': ['ID ContentString', 'Value ContentDateTime'],
    'A:mixed': ['ID ContentString', 'Value ContentString']
  })
  assert.equal(typeNamed(model, 'A:texts').form, 'item')
})

test('B05 a nested type that has nothing to install is JSON text, not an empty type', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    one: {$ref: '#/components/schemas/Empty'}
    many: {type: array, items: {$ref: '#/components/schemas/Empty'}}
Empty: {x-flow-type: {name: Empty}, type: object}`)
  assert.deepEqual(installed(model), { A: ['one ContentString', 'many ContentString'] })
  assert.deepEqual(diagnosticsOf(model), ['10:5 warning TYPE_EMPTY /components/schemas/Empty'])
})

test('A19 cycles of every kind end with the type that the schema got first', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    own: {$ref: '#/components/schemas/A'}
    owns: {type: array, items: {$ref: '#/components/schemas/A'}}
    node: {$ref: '#/components/schemas/Node'}
    tree: {$ref: '#/components/schemas/Tree'}
    left: {$ref: '#/components/schemas/Left'}
Node:
  properties:
    next: {$ref: '#/components/schemas/Node'}
    all: {type: array, items: {$ref: '#/components/schemas/Node'}}
    named: {type: object, additionalProperties: {$ref: '#/components/schemas/Node'}}
    back: {allOf: [{$ref: '#/components/schemas/Node'}, {description: the same}]}
Tree: {type: object, additionalProperties: {$ref: '#/components/schemas/Tree'}}
Left: {properties: {right: {$ref: '#/components/schemas/Right'}}}
Right: {properties: {left: {$ref: '#/components/schemas/Left'}}}`)
  assert.deepEqual(installed(model), {
    A: [
      'own ContentObject A',
      'owns ContentList A',
      'node ContentObject A:node',
      'tree ContentList A:tree',
      'left ContentObject A:left'
    ],
    'A:node': [
      'next ContentObject A:node',
      'all ContentList A:node',
      'named ContentList A:node:named',
      'back ContentObject A:node'
    ],
    'A:node:named': ['Key ContentString', 'Value ContentObject A:node'],
    'A:tree': ['Key ContentString', 'Value ContentList A:tree'],
    'A:left': ['right ContentObject A:left:right'],
    'A:left:right': ['left ContentObject A:left']
  })
  assert.deepEqual(diagnosticsOf(model), [])
})

test('A19 an array of itself and a choice of itself end as JSON text', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  properties:
    arrays: {$ref: '#/components/schemas/Arrays'}
    either: {$ref: '#/components/schemas/Either'}
Arrays: {type: array, items: {$ref: '#/components/schemas/Arrays'}}
Either: {oneOf: [{$ref: '#/components/schemas/Either'}, {type: string}]}`)
  assert.deepEqual(installed(model), { A: ['arrays ContentString', 'either ContentString'] })
})

test('A19 allOf that goes round is an error, and what stands beside it is kept', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A}
  allOf: [{$ref: '#/components/schemas/B'}]
  properties: {a: {type: string}}
B:
  allOf: [{$ref: '#/components/schemas/A'}]
  properties: {b: {type: string}}`)
  assert.deepEqual(installed(model), { A: ['b ContentString', 'a ContentString'] })
  assert.deepEqual(diagnosticsOf(model), ['5:5 error REF_CYCLE /components/schemas/A'])
})

/** Objects inside each other, two in each: 2, 4, 8 … `S0:l`, `S0:r`, `S0:l:l` …. */
function tree(depth: number): string {
  const level = (i: number) =>
    `S${i}:\n  ${i === 0 ? 'x-flow-type: {name: S0}\n  ' : ''}properties:\n    l: {$ref: '#/components/schemas/S${i + 1}'}\n    r: {$ref: '#/components/schemas/S${i + 1}'}`
  const levels = Array.from({ length: depth }, (_, i) => level(i))
  return [...levels, `S${depth}: {properties: {x: {type: string}}}`].join('\n')
}

test('B05 derived types are made breadth first up to the bound, the rest is JSON text with one warning', () => {
  const model = compileSchemas(tree(4), { bounds: { perType: 5, total: 100 } })
  assert.deepEqual(installed(model), {
    S0: ['l ContentObject S0:l', 'r ContentObject S0:r'],
    'S0:l': ['l ContentObject S0:l:l', 'r ContentObject S0:l:r'],
    'S0:r': ['l ContentObject S0:r:l', 'r ContentString'],
    'S0:l:l': ['l ContentString', 'r ContentString'],
    'S0:l:r': ['l ContentString', 'r ContentString'],
    'S0:r:l': ['l ContentString', 'r ContentString']
  })
  assert.deepEqual(diagnosticsOf(model), ['5:5 warning TYPE_BOUND_REACHED /components/schemas/S0'])
  assert.match(
    model.index.diagnostics[0]?.message ?? '',
    /: S0:r:r, S0:l:l:l, S0:l:l:r, S0:l:r:l, S0:l:r:r and 2 more$/
  )
  const [folded] = typeNamed(model, 'S0:l:l').properties
  assert.deepEqual(folded?.value, { form: 'scalar', kind: 'json' })
})

test('B05 the bound of a document counts the derived types of all named ones', () => {
  const schemas = ['A', 'B', 'C']
    .map(
      name =>
        `${name}: {x-flow-type: {name: ${name}}, properties: {x: {properties: {y: {}}}, z: {properties: {y: {}}}}}`
    )
    .join('\n')
  const model = compileSchemas(schemas, { bounds: { perType: 2, total: 3 } })
  assert.deepEqual(model.index.types, ['A', 'A:x', 'A:z', 'B', 'B:x', 'C'])
  assert.deepEqual(
    diagnosticsOf(model).map(diagnostic => diagnostic.split(' ').slice(2).join(' ')),
    ['TYPE_BOUND_REACHED /components/schemas/B', 'TYPE_BOUND_REACHED /components/schemas/C']
  )
})

test('B05 no bound, no warning; named types count nothing', () => {
  const model = compileSchemas(tree(2), { bounds: { perType: 6, total: 6 } })
  assert.equal(model.index.types.length, 7)
  assert.deepEqual(diagnosticsOf(model), [])
  const none = compileSchemas(tree(1), { bounds: { perType: 0, total: 0 } })
  assert.deepEqual(installed(none), { S0: ['l ContentString', 'r ContentString'] })
})

test('B01 names that clash without regard to case get 1, 2 in document order, with a warning', () => {
  const model = compileSchemas(`A:
  x-flow-type: {name: A, customProperties: {NAME: string}}
  properties:
    name: {type: string}
    Name: {type: string}
    'name 1': {type: string}
    part: {properties: {x: {}}}
    Part: {properties: {y: {}}}
Taken: {x-flow-type: {name: 'a:part'}, properties: {z: {}}}`)
  assert.deepEqual(installed(model), {
    A: [
      'name ContentString',
      'Name 1 ContentString',
      'name 1 1 ContentString',
      'part ContentObject A:part 1',
      'Part 1 ContentObject A:Part 1 1',
      'NAME 2 ContentString'
    ],
    'A:part 1': ['x ContentString'],
    'A:Part 1 1': ['y ContentString'],
    'a:part': ['z ContentString']
  })
  assert.deepEqual(diagnosticsOf(model), [
    '6:49 warning PROPERTY_RENAMED /components/schemas/A/x-flow-type/customProperties/NAME',
    '9:9 warning PROPERTY_RENAMED /components/schemas/A/properties/Name',
    '10:9 warning PROPERTY_RENAMED /components/schemas/A/properties/name 1',
    '11:9 warning TYPE_RENAMED /components/schemas/A/properties/part',
    '12:9 warning PROPERTY_RENAMED /components/schemas/A/properties/Part',
    '12:9 warning TYPE_RENAMED /components/schemas/A/properties/Part'
  ])
  const keys = typeNamed(model, 'A').properties.map(({ key }) => key)
  assert.deepEqual(keys, ['name', 'Name', 'name 1', 'part', 'Part', null])
})
