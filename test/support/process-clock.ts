import { globSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { fromDebianPackage } from './debian-package.ts'

/** The wall clock of processes that are started with an environment. Their monotonic clocks stay as they are. */
export type ProcessClock = {
  readonly environment: { readonly [name: string]: string }
  /** Sets it to so many seconds after the true time, at once. */
  set(seconds: number): void
}

/** Makes a clock by libfaketime, where need be installed, until the test ends. */
export function createProcessClock(t: TestContext): ProcessClock {
  const [library] = fromDebianPackage('libfaketime', () => {
    const found = globSync('/usr/lib/*/faketime/libfaketime.so.1')
    return found.length > 0 ? found : undefined
  })
  const folder = mkdtempSync(join(tmpdir(), 'clock-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'offset')
  const set = (seconds: number): void => {
    // The processes never see a part of the text.
    writeFileSync(`${file}.new`, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`)
    renameSync(`${file}.new`, file)
  }
  set(0)
  return {
    environment: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1'
    },
    set
  }
}
