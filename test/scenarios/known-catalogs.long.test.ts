import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { onDemandPackage } from '../../bench/on-demand-package.ts'
import type { CatalogAnswer } from '../../service/protocol/catalog-schemas.ts'
import { startConnector } from '../support/start-connector.ts'
import { startFiles } from '../support/start-files.ts'

/** Ten times the target of 5 s, which a busy machine may miss. */
const GUARD_MS = 50_000

const DOCUMENTS = [
  { name: 'GitHub', from: ['@octokit/openapi', '23.0.2'], file: 'generated/api.github.com.json' }
] as const

type Operation = { tags?: string[]; deprecated?: boolean }
type Raw = {
  tags?: { name: string }[]
  paths: Record<string, Record<string, Operation>>
}

/** Counts what a document declares, without anything of the service. */
function count(document: Raw) {
  const tags = new Set([...(document.tags ?? []).map(tag => tag.name), 'default'])
  const verbs = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']
  const operations = Object.values(document.paths).flatMap(item =>
    verbs.flatMap(verb => item[verb] ?? [])
  )
  const named = operations.map(({ tags: own = [] }) => new Set(own.length > 0 ? own : ['default']))
  for (const own of named) for (const tag of own) tags.add(tag)
  const endpoints = named.reduce((sum, own) => sum + own.size, 0)
  const deprecated = operations.filter(operation => operation.deprecated === true).length
  return { collections: tags.size, operations: operations.length, endpoints, deprecated }
}
