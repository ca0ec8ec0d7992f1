import { hkdfSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hostname, userInfo } from 'node:os'

/** Where Linux keeps the id of the machine. */
const ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id']

/**
 * A key that is the same for each command of this user on this machine, for tokens where no `STORE_KEY` is set. It
 * keeps a token from going on elsewhere, and hides nothing from others on this machine.
 */
export async function machineKey(): Promise<Uint8Array> {
  const machine = (await machineId()) ?? hostname()
  const user = process.getuid?.() ?? userInfo().username
  const source = JSON.stringify([machine, user])
  return new Uint8Array(hkdfSync('sha256', source, '', 'openapi-flow resume tokens', 32))
}

async function machineId(): Promise<string | null> {
  for (const file of ID_FILES) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (text.trim() !== '') return text.trim()
  }
  return null
}
