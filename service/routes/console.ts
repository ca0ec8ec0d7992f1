import { randomBytes } from 'node:crypto'

import type { ConsoleFiles } from '../plugins/console-files.ts'
import { MAIN, readConsoleFiles } from '../plugins/console-files.ts'
import { routeUnknown } from '../plugins/problem-handler.ts'
import type { App } from '../plugins/typebox.ts'
import type { ConsoleParts } from '../protocol/render-console.ts'
import {
  consolePolicy,
  FILE_POLICY,
  renderConsole,
  renderDetour
} from '../protocol/render-console.ts'

/**
 * `GET /`: the workbench (docs/workbench.md). `GET /console/*`: its files, below a version of their own, so that browsers
 * keep them.
 */
export function addConsoleRoutes(app: App): void {
  let reading: Promise<ConsoleFiles> | undefined
  const filesOnce = (): Promise<ConsoleFiles> => {
    reading ??= readConsoleFiles().catch(error => {
      // The next request tries again.
      reading = undefined
      throw error
    })
    return reading
  }

  const ofPage = {
    isFlow: false,
    summary: 'The workbench: the page where an API becomes types.',
    produces: 'text/html'
  }
  app.get('/', { config: ofPage, prefixTrailingSlash: 'slash' }, async (request, reply) => {
    const nonce = randomBytes(18).toString('base64url')
    // The URLs of the page are relative to a final slash.
    const [address = ''] = request.originalUrl.split('?', 1)
    const page = address.endsWith('/')
      ? renderConsole(partsOf(await filesOnce()), nonce)
      : renderDetour(nonce)
    reply.header('content-security-policy', consolePolicy(nonce))
    return reply.type('text/html; charset=utf-8').send(page)
  })

  const ofFile = { isFlow: false, summary: 'A file of the workbench.', produces: 'text/javascript' }
  app.get<{ Params: { '*': string } }>('/console/*', { config: ofFile }, async (request, reply) => {
    const { version, files } = await filesOnce()
    const path = request.params['*']
    const file = path.startsWith(`${version}/`)
      ? files.get(path.slice(version.length + 1))
      : undefined
    if (file === undefined) throw routeUnknown(request)
    reply.header('content-security-policy', FILE_POLICY)
    reply.header('cache-control', 'private, max-age=31536000, immutable')
    return reply.type(file.mediaType).send(file.bytes)
  })
}

function partsOf({ version, files, imports, first }: ConsoleFiles): ConsoleParts {
  const urlOf = (path: string): string => `./console/${version}/${path}`
  const paths = [...files.keys()]
  return {
    main: urlOf(MAIN),
    styles: paths.filter(path => path.endsWith('.css')).map(urlOf),
    preloads: first.map(urlOf),
    imports: Object.fromEntries([...imports].map(([name, path]) => [name, urlOf(path)]))
  }
}
