import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'

import { createOwner } from '../../service/base/owner.ts'
import { packModel, unpackModel } from '../../service/model/packed-model.ts'
import { createModelCache } from '../../service/documents/model-cache.ts'
import { ENTRY_BYTES, OWNER_BYTES } from '../../service/store/fair-cache.ts'
import { compileSchemas } from '../support/compile.ts'

/** A packed model of so many types. */
function packedOf(types: number): Uint8Array {
  const schemas = Array.from(
    { length: types },
    (_, index) =>
      `T${index}: { type: object, x-flow-type: { name: T${index} }, properties: { id: { type: string }, name${index}: { type: string } } }`
  )
  return packModel(compileSchemas(schemas.join('\n')), '[]')
}

test('parsed records of a model count too, so that others are evicted', async () => {
  const packed = packedOf(50)
  // Room for both as they are kept at first: packed, with their heads.
  const size = packed.length + 3 * unpackModel(packed).bytesRead()
  const maxBytes = 2 * (size + ENTRY_BYTES + OWNER_BYTES)
  const models = createModelCache({ maxBytes, now: () => 0, shared: null, compiler: '' })
  for (const version of ['a', 'b']) await models.keep(version, packed, createOwner(null, version))
  assert.ok(models.getLocal('b'))
  const used = models.getLocal('a')
  assert.ok(used)
  used.types.get('T0')
  models.getLocal('a')
  const left = ['a', 'b'].filter(version => models.getLocal(version) !== undefined)
  // The one that has grown has most.
  assert.deepEqual(left, ['b'])
})

test('a model larger than the cache is returned, and not kept', async () => {
  const models = createModelCache({ maxBytes: 100, now: () => 0, shared: null, compiler: '' })
  const made = await models.keep('a', packedOf(5), createOwner(null, 'acme'))
  assert.ok(made.types.get('T0'))
  assert.equal(gunzipSync(made.description.gzip).toString(), '[]')
  assert.equal(models.getLocal('a'), undefined)
})
