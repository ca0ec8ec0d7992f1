import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'

import { CACHE, makeWhole, onDemandPackage } from '../../bench/on-demand-package.ts'

/** A Chromium that can be started, with what it needs in its environment. */
export type Chromium = {
  readonly path: string
  readonly environment: { readonly [name: string]: string }
}

const VERSION = '153.0.0'

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** Archives of the package, and where the browser expects their files. */
const ARCHIVES = [
  { archive: 'fonts.tar.br', folder: 'fonts' },
  { archive: 'al2023.tar.br', folder: 'libraries' }
]

/**
 * Finds a Chromium: the one that `CHROMIUM_PATH` names, else an installed Chrome or Chromium on the PATH, else one from a
 * package that npm installs when it is first needed (Linux on x64).
 *
 * @throws Error with a one-line message where there is none.
 */
export async function findChromium(): Promise<Chromium> {
  const named = process.env.CHROMIUM_PATH ?? installedChromium()
  if (named !== undefined) return { path: named, environment: {} }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'the tests of the page need Chrome or Chromium: set CHROMIUM_PATH to its program'
    )
  }
  const home = fileURLToPath(await unpackedChromium())
  return {
    path: join(home, 'chromium'),
    environment: {
      LD_LIBRARY_PATH: join(home, 'libraries', 'lib'),
      FONTCONFIG_FILE: join(home, 'fonts.conf')
    }
  }
}

function installedChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const paths = COMMANDS.flatMap(command => folders.map(folder => join(folder, command)))
  return paths.find(path => existsSync(path))
}

/** The folder with the browser of the package, which is installed and unpacked on first use. */
async function unpackedChromium(): Promise<URL> {
  const home = new URL(`chromium@${VERSION}/`, CACHE)
  // The file that is written last.
  const isWhole = async (): Promise<boolean> => existsSync(new URL('fonts.conf', home))
  if (await isWhole()) return home
  const folder = await onDemandPackage('@sparticuz/chromium', VERSION, 'chromium')
  const packed = (name: string): string => fileURLToPath(new URL(`bin/${name}`, folder))
  await makeWhole(home, isWhole, async draft => {
    const at = (name: string): string => fileURLToPath(new URL(name, draft))
    await decompress(packed('chromium.br'), at('chromium'))
    await chmod(at('chromium'), 0o755)
    for (const { archive, folder } of ARCHIVES) {
      await decompress(packed(archive), at('archive.tar'))
      await mkdir(at(folder))
      await promisify(execFile)('tar', ['-xf', at('archive.tar'), '-C', at(folder)])
    }
    await rm(at('archive.tar'))
    await writeFile(at('fonts.conf'), fontConfiguration(fileURLToPath(new URL('fonts', home))))
  })
  return home
}

async function decompress(file: string, target: string): Promise<void> {
  await pipeline(createReadStream(file), createBrotliDecompress(), createWriteStream(target))
}

/** Fonts of the package and of the machine, so that text looks alike everywhere. */
function fontConfiguration(fonts: string): string {
  const preferred = (family: string, font: string): string =>
    `<alias><family>${family}</family><prefer><family>${font}</family></prefer></alias>`
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${fonts}-cache</cachedir>
  ${preferred('system-ui', 'Open Sans')}
  ${preferred('sans-serif', 'Open Sans')}
  ${preferred('monospace', 'DejaVu Sans Mono')}
</fontconfig>
`
}
