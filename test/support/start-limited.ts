import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { closedPort } from './start-upstream.ts'

/** A command `serve` whose resources are limited. */
export type StartedLimited = {
  readonly child: ChildProcess
  readonly url: string
  /** What it has written to standard error. */
  errors(): string
  /** Calls a route with configuration values. */
  send(
    path: string,
    configuration: { readonly [name: string]: string },
    body?: object
  ): Promise<LimitedAnswer>
}

export type LimitedAnswer = {
  readonly status: number
  readonly body: { readonly code?: string; readonly [member: string]: unknown }
}

/**
 * Starts the installed command `serve` in a shell until the test ends, and waits until it is healthy.
 *
 * @param shell What the shell does before, such as `ulimit -f 0;`, and after, such as `> /dev/full`.
 * @param environment Settings; by default 127.0.0.1 may be called, and a document may take long to
 *   compile.
 */
export async function startLimited(
  t: TestContext,
  shell: { readonly before?: string; readonly after?: string },
  environment: { readonly [name: string]: string } = {}
): Promise<StartedLimited> {
  const host = await closedPort()
  const url = `http://${host}`
  const command = `${shell.before ?? ''} exec "$0" bin/openapi-flow.js serve ${shell.after ?? ''}`
  const child = spawn('sh', ['-c', command, process.execPath], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: host.slice(host.indexOf(':') + 1),
      EGRESS_ALLOW: '127.0.0.1',
      COMPILE_TIMEOUT_MS: '120000',
      ...environment
    }
  })
  const closed = once(child, 'close')
  t.after(async () => {
    child.kill('SIGKILL')
    await closed
  })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  while (!(await isHealthy(url))) {
    assert.equal(child.exitCode ?? child.signalCode, null, errors)
    await sleep(50)
  }
  return {
    child,
    url,
    errors: () => errors,
    async send(path, configuration, body = {}) {
      const configurationValues = Object.entries(configuration).map(
        ([developerName, contentValue]) => ({ developerName, contentValue })
      )
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ configurationValues, ...body })
      })
      return { status: response.status, body: JSON.parse(await response.text()) }
    }
  }
}

/** Whether a service answers its health check. */
export async function isHealthy(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false
  )
}
