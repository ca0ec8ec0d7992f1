import type { ExampleProcess } from '../../service/exchange/example-process.ts'
import {
  createExampleProcess,
  USUAL_EXAMPLE_LIMITS
} from '../../service/exchange/example-process.ts'

/**
 * Makes the examples of all services of a test file, since starting a process takes longer than making one. It starts
 * with the first example, and ends with the test file's process.
 *
 * @param timeMs Time for one example (ms).
 */
export function sharedExampleProcess(timeMs: number): ExampleProcess {
  const { make } = createExampleProcess({ ...USUAL_EXAMPLE_LIMITS, timeMs }, () => {})
  return { make, close: async () => {} }
}
