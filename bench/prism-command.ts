import { onDemandPackage } from './on-demand-package.ts'

/**
 * The path of Stoplight Prism's command, which is installed on first use.
 *
 * @throws Error with a one-line message when it cannot be installed.
 */
export async function prismCommand(): Promise<string> {
  const folder = await onDemandPackage('@stoplight/prism-cli', '5.16.0')
  return new URL('dist/index.js', folder).pathname
}
