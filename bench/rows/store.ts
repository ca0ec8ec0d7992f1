import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { createOwner } from '../../service/base/owner.ts'
import { createMemoryStore } from '../../service/store/memory-store.ts'
import type { Store } from '../../service/store/types.ts'
import type { BenchBounds, BenchLine } from '../bench-line.ts'
import { costLine, median } from '../bench-line.ts'

const MB = 1_000_000
const BOUND_BYTES = 64 * 1024 * 1024
/** Owners of one value each, of more than fit. */
const OWNERS = 160_000
/** In the same store, a small one. */
const FEW_BYTES = BOUND_BYTES / 64
/** Values that are set once a store is full. */
const SETS = 20_000
/** Memory that no processor's cache holds costs some; looking at all owners would cost 64 times as much. */
const RATIO_MAX = 6

/**
 * Row `store`: the memory store with a value each of very many owners. Its heap (MB) is compared with its bound, and
 * the time of a set once it is full (µs) with that of a store of a 64th of the size, since eviction must not look at
 * all owners.
 *
 * @param owners Fewer for a trial.
 */
export async function measureStore(
  { rounds }: Pick<BenchBounds, 'rounds'>,
  owners = OWNERS
): Promise<BenchLine[]> {
  const figures = { heap: [] as number[], large: [] as number[], small: [] as number[] }
  // The first is there to get warm.
  for (let round = 0; round <= rounds; round++) {
    const { heap, large, small } = await measureRound(owners)
    if (round === 0) continue
    figures.heap.push(heap)
    figures.large.push(large)
    figures.small.push(small)
  }
  const sets = { row: 'store', what: 'one set in a full store', unit: 'µs' } as const
  return [
    {
      row: 'store',
      what: `heap of the memory store with a value each of ${owners} owners`,
      unit: 'MB',
      ours: { name: 'heap', figures: figures.heap },
      reference: null,
      ratio: null,
      target: `≤ ${Math.round(BOUND_BYTES / MB)} MB`,
      isMet: median(figures.heap) <= BOUND_BYTES / MB
    },
    costLine(
      sets,
      {
        ours: { name: `${BOUND_BYTES / 1024 / 1024} MiB`, figures: figures.large },
        reference: { name: `${FEW_BYTES / 1024 / 1024} MiB`, figures: figures.small }
      },
      RATIO_MAX
    )
  ]
}

/** In a function of its own, so that nothing holds its stores afterwards. */
async function measureRound(owners: number) {
  const before = heapBytes()
  const large = await fullStore(BOUND_BYTES, owners)
  const heap = (heapBytes() - before) / MB
  const small = await fullStore(FEW_BYTES, owners / 8)
  return { heap, large: await timeOfSet(large), small: await timeOfSet(small) }
}

async function fullStore(maxBytes: number, owners: number): Promise<Store> {
  const store = createMemoryStore({ maxBytes, now: () => performance.now() })
  for (let index = 0; index < owners; index++) await setOf(store, `first ${index}`)
  return store
}

function setOf(store: Store, name: string): Promise<void> {
  return store.set(`value of ${name}`, name.repeat(8), 3_600, createOwner(null, name))
}

/** Microseconds. */
async function timeOfSet(store: Store): Promise<number> {
  const begun = performance.now()
  for (let index = 0; index < SETS; index++) await setOf(store, `next ${index}`)
  return ((performance.now() - begun) / SETS) * 1000
}

/** Bytes in use after garbage collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  return process.memoryUsage().heapUsed
}
