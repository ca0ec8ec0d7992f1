import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

type Manifest = {
  readonly dependencies: { readonly [name: string]: string }
  readonly devDependencies: { readonly [name: string]: string }
  readonly allowScripts: { readonly [name: string]: boolean }
}
type Locked = {
  readonly version: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly resolved?: string
}

const manifest: Manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const lock: { readonly packages: { readonly [path: string]: Locked } } = JSON.parse(
  readFileSync('package-lock.json', 'utf8')
)
const installed = Object.entries(lock.packages).filter(([path]) => path !== '')

test('C10 every package that is asked for is pinned, and locked in that version', () => {
  const asked = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
  assert.ok(asked.length >= 15)
  for (const [name, version] of asked) {
    assert.match(version, /^\d+\.\d+\.\d+$/, name)
    assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name)
  }
})

test('C10 every package that is installed is known by its hash', () => {
  assert.ok(installed.length > 100)
  const unknown = installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
  assert.deepEqual(
    unknown.map(([path]) => path),
    []
  )
})

test('C10 no package runs a script when it is installed, but Node', () => {
  const running = installed.flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path] : []
  )
  assert.deepEqual(
    running,
    Object.keys(manifest.allowScripts).map(name => `node_modules/${name}`)
  )
  const allowed = Object.entries(manifest.allowScripts).flatMap(([name, is]) => (is ? name : []))
  assert.deepEqual(allowed, ['node'])
})
