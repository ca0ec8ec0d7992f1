/** Why a store that is elsewhere gave no answer: a code of the system or of Redis, no text of theirs. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}

/** The answer of a store that is elsewhere; `substitute` where it gave none. */
export async function orWhenUnavailable<T, S>(answer: Promise<T>, substitute: S): Promise<T | S> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof StoreUnavailable) return substitute
    throw error
  }
}
