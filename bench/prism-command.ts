import { onDemandPackage } from './on-demand-package.ts'

/**
 * The file of Stoplight Prism's command, installed when it is first asked for.
 *
 * @throws Error in one line when it cannot be installed.
 */
export async function prismCommand(): Promise<string> {
  const folder = await onDemandPackage('@stoplight/prism-cli', '5.16.0')
  return new URL('dist/index.js', folder).pathname
}
