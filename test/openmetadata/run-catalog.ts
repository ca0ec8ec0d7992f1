import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import type { RunReport } from '../../service/ingest/push/run-report.ts'
import type { CommandRun } from '../support/run-in-terminal.ts'
import { runInTerminal } from '../support/run-in-terminal.ts'
import { BOT_TOKEN } from './start-openmetadata.ts'

/** A document with two tags, one of them only on an operation, and an operation without. */
export const PETS = `openapi: 3.0.3
info: { title: Pets, version: "1" }
tags:
  - { name: pet, description: All about pets }
paths:
  /pets:
    get:
      tags: [pet]
      operationId: listPets
      summary: Lists pets
      parameters: [{ name: limit, in: query, schema: { type: integer } }]
      responses: { "200": { description: ok, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Pet" } } } } } }
    post:
      tags: [pet]
      operationId: addPet
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
      responses: { "201": { description: ok } }
  /orders/{id}:
    get:
      tags: [store.orders]
      operationId: getOrder
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { "204": { description: none } }
  /health:
    get:
      responses: { "200": { description: ok } }
components:
  schemas:
    Pet:
      type: object
      properties:
        id: { type: integer, description: The id }
        name: { type: string }
        anything: {}
`

export type WorkflowParts = {
  /** Lines below `serviceConnection.config`. */
  readonly connection?: string
  /** Lines below `sourceConfig.config`. */
  readonly source?: string
  /** Lines below `openMetadataServerConfig`. */
  readonly server?: string
  /** Lines at the root. */
  readonly root?: string
  readonly serviceName?: string
  /** Default: a file of pets. */
  readonly document?: string
  readonly loggerLevel?: string
}

export type CatalogRuns = {
  readonly directory: string
  /** Writes a file into the directory of the runs. */
  write(name: string, text: string): void
  /** Runs the workflow `workflow.yaml`, with further arguments. */
  run(args?: readonly string[], given?: Parameters<typeof runInTerminal>[1]): Promise<CommandRun>
  /** The report of a run, by `--json`. */
  report(args?: readonly string[]): Promise<RunReport>
}

/** Prepares runs of a workflow against a server, in a directory of their own. */
export function prepareRuns(
  t: TestContext,
  hostPort: string,
  parts: WorkflowParts = {}
): CatalogRuns {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-flow-catalog-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text)
  write('pets.yaml', PETS)
  write('workflow.yaml', workflowText(hostPort, parts))
  const run: CatalogRuns['run'] = (args = [], given = {}) =>
    runInTerminal(['catalog', '-c', 'workflow.yaml', ...args], { directory, ...given })
  return {
    directory,
    write,
    run,
    async report(args = []) {
      const { out, err } = await run(['--json', ...args])
      try {
        return JSON.parse(out)
      } catch {
        throw new Error(`no report: ${out}${err}`)
      }
    }
  }
}

/** The text of a workflow file. */
export function workflowText(hostPort: string, parts: WorkflowParts = {}): string {
  const { connection = '', source = '', server = '', root = '' } = parts
  const { serviceName = 'pets', loggerLevel = 'INFO' } = parts
  const { document = 'openAPISchemaConnection: { openAPISchemaFilePath: pets.yaml }' } = parts
  return `source:
  type: rest
  serviceName: ${serviceName}
  serviceConnection:
    config:
      type: Rest
      ${document}
${indented(connection, 6)}  sourceConfig:
    config:
      type: ApiMetadata
${indented(source, 6)}sink: { type: metadata-rest, config: {} }
workflowConfig:
  loggerLevel: ${loggerLevel}
  openMetadataServerConfig:
    hostPort: ${hostPort}
    authProvider: openmetadata
    securityConfig: { jwtToken: ${BOT_TOKEN} }
${indented(server, 4)}${indented(root, 0)}`
}

function indented(text: string, spaces: number): string {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  return lines.map(line => `${' '.repeat(spaces)}${line}\n`).join('')
}
