import { StoreUnavailable } from './types.ts'

/** What a store that is elsewhere answered; `none` where it gave no answer. */
export async function answered<T, N>(asked: Promise<T>, none: N): Promise<T | N> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof StoreUnavailable) return none
    throw error
  }
}
