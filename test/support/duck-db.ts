import { createRequire } from 'node:module'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

import { onDemandPackage } from '../../bench/on-demand-package.ts'

/** What is used of DuckDB's package. */
type DuckDb = {
  readonly DuckDBInstance: {
    create(): Promise<{
      connect(): Promise<{
        runAndReadAll(sql: string): Promise<{ getRowsJson(): unknown[][] }>
        closeSync(): void
      }>
    }>
  }
}

/** Asks for rows, a list of values each. */
export type DuckDbQuery = (sql: string) => Promise<unknown[][]>

/** Opens DuckDB in memory until the test ends. Its package is installed on first use. */
export async function openDuckDb(t: TestContext): Promise<DuckDbQuery> {
  const name = '@duckdb/node-api'
  const home = await onDemandPackage(name, '1.5.6-r.1', 'duckdb')
  const entry = createRequire(new URL('package.json', home)).resolve(name)
  const { DuckDBInstance }: DuckDb = await import(pathToFileURL(entry).href)
  const connection = await (await DuckDBInstance.create()).connect()
  t.after(() => connection.closeSync())
  return async sql => (await connection.runAndReadAll(sql)).getRowsJson()
}

/** The columns of a query with their types, such as `id BIGINT`. */
export async function columnsOf(query: DuckDbQuery, sql: string): Promise<string[]> {
  return (await query(`DESCRIBE ${sql}`)).map(([name, type]) => `${name} ${type}`)
}
