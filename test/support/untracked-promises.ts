import { promiseHooks } from 'node:v8'

// The test runner follows each promise from its making to its collection, to name the test of a rejection that nobody
// handles. That takes a tenth of what tests of the service compute. The process has one set of such hooks: other ones
// take the place of the runner's, and end here at once. Such a rejection still fails the run.
promiseHooks.onInit(() => {})()
