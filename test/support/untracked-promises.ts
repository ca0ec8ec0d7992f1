import { promiseHooks } from 'node:v8'

// The test runner follows every promise from its making to its collection, to name the test of a rejection that nobody
// handles. That takes a tenth of a process of tests. Hooks of one's own take the place of those, and end here at once.
// Such a rejection still fails the run, without the name of its test. Test files are loaded after the runner has set
// its hooks, so this file is to be among them.
promiseHooks.onInit(() => {})()
