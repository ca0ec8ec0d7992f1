import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** What `GET /` loads, in `service/console/` of a checkout and beside the compiled service in the package. */
const CONSOLE = new URL('../console/', import.meta.url)

/** The packages that the page imports, and those that they import. Each is one module. */
const PACKAGES = [
  'preact',
  'preact/hooks',
  'htm',
  'htm/preact',
  '@codemirror/autocomplete',
  '@codemirror/commands',
  '@codemirror/lang-yaml',
  '@codemirror/language',
  '@codemirror/lint',
  '@codemirror/search',
  '@codemirror/state',
  '@codemirror/streamparser',
  '@codemirror/view',
  '@lezer/common',
  '@lezer/highlight',
  '@lezer/lr',
  '@lezer/yaml',
  '@marijn/find-cluster-break',
  'crelt',
  'style-mod',
  'w3c-keyname',
  '@dagrejs/dagre'
]

export type ConsoleFile = { readonly bytes: Uint8Array; readonly mediaType: string }

/** The files of the page, and nothing else. */
export type ConsoleFiles = {
  /** Changes with each change of a file. */
  readonly version: string
  /** By path: `page/main.js`, `page/styles/base.css`, `packages/preact.js`. */
  readonly files: ReadonlyMap<string, ConsoleFile>
  /** The path of each package by the name that modules import it with. */
  readonly imports: ReadonlyMap<string, string>
  /** The paths of the modules that are needed before a view is shown: those that `MAIN` imports, and their imports. */
  readonly first: readonly string[]
}

/** The module that starts the page. */
export const MAIN = 'page/main.js'

/** Reads the files of the page (docs/workbench.md). */
export async function readConsoleFiles(): Promise<ConsoleFiles> {
  const own = await Array.fromAsync(glob('**/*.{js,css}', { cwd: fileURLToPath(CONSOLE) }))
  const ownFiles = own.toSorted().map(path => [`page/${path}`, new URL(path, CONSOLE)] as const)
  const packages = PACKAGES.map(name => [packagePath(name), import.meta.resolve(name)] as const)
  const version = createHash('sha256')
  const files = new Map<string, ConsoleFile>()
  for (const [path, location] of [...ownFiles, ...packages]) {
    const bytes = await readFile(new URL(location))
    files.set(path, { bytes, mediaType: mediaTypeOf(path) })
    version.update(`${path} ${bytes.length}\n`).update(bytes)
  }
  const imports = new Map(PACKAGES.map(name => [name, packagePath(name)]))
  return {
    version: version.digest('hex').slice(0, 16),
    files,
    imports,
    first: modulesOf(files, imports)
  }
}

/** What a module of the page names in an `import`, which begins a line; comments and calls are not meant. */
const IMPORTED = /^(?:import|\}) ?(?:[^'"()]*? ?from )?'([^']+)'/gm

/** The same of a package, which is written without line breaks. */
const PACKED = /(?:from|import) ?["']([^"']+)["']/g

function modulesOf(
  files: ConsoleFiles['files'],
  imports: ConsoleFiles['imports']
): readonly string[] {
  const found = new Set([MAIN])
  // A set has those that are added meanwhile, too.
  for (const path of found) {
    const isOwn = path.startsWith('page/')
    const text = Buffer.from(files.get(path)?.bytes ?? []).toString()
    for (const [, name = ''] of text.matchAll(isOwn ? IMPORTED : PACKED)) {
      const named = imports.get(name)
      if (named !== undefined) found.add(named)
      else if (isOwn) found.add(new URL(name, `file:///${path}`).pathname.slice(1))
    }
  }
  return [...found]
}

function packagePath(name: string): string {
  return `packages/${name}.js`
}

function mediaTypeOf(path: string): string {
  return `text/${path.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`
}
