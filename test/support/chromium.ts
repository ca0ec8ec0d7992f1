import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createBrotliDecompress } from 'node:zlib'

import { CACHE, onDemandPackage } from '../../bench/on-demand-package.ts'

/** A Chromium that can be started, with what it needs in its environment. */
export type Chromium = {
  readonly path: string
  readonly environment: { readonly [name: string]: string }
}

const PACKAGE = '@sparticuz/chromium'
const VERSION = '153.0.0'
const INTEGRITY =
  'sha512-jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=='

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
  const home = fileURLToPath(new URL(`chromium@${VERSION}/`, CACHE))
  if (!existsSync(home)) await unpack(await onDemandPackage(PACKAGE, VERSION, INTEGRITY), home)
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

/** Makes the folder of the browser appear whole. */
async function unpack(folder: URL, home: string): Promise<void> {
  const draft = await mkdtemp(fileURLToPath(new URL('draft-', CACHE)))
  const packed = (name: string): string => fileURLToPath(new URL(`bin/${name}`, folder))
  await pipeline(
    createReadStream(packed('chromium.br')),
    createBrotliDecompress(),
    createWriteStream(join(draft, 'chromium'), { mode: 0o755 })
  )
  for (const { archive, folder } of ARCHIVES) await untar(packed(archive), join(draft, folder))
  await writeFile(join(draft, 'fonts.conf'), fontConfiguration(join(home, 'fonts')))
  // It fails where another process was faster, whose browser is as good.
  await rename(draft, home).catch(() => undefined)
  await rm(draft, { recursive: true, force: true })
}

async function untar(archive: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const tar = spawn('tar', ['-x', '-C', folder], { stdio: ['pipe', 'ignore', 'inherit'] })
  const closed = once(tar, 'close')
  await pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin)
  const [code] = await closed
  if (code !== 0) throw new Error(`tar ended with ${code} at ${archive}`)
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
