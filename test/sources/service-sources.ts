import { join } from 'node:path'

import type { Node, SourceFile } from 'typescript/unstable/ast'
import type { Checker } from 'typescript/unstable/sync'
import { API } from 'typescript/unstable/sync'

/** A node of a source, and where it stands, as `file:line`. */
export type Found<T extends Node> = { readonly node: T; readonly place: string }

export type ServiceSources = {
  readonly checker: Checker
  /** All nodes of a kind in `service/`, in the order of files and lines. */
  nodes<T extends Node>(isKind: (node: Node) => node is T): Found<T>[]
  close(): void
}

/** Reads the sources of the service with the compiler of the project. */
export function readServiceSources(): ServiceSources {
  const root = process.cwd()
  const compiler = new API({ cwd: root })
  const config = join(root, 'tsconfig.json')
  const project = compiler.updateSnapshot({ openProject: config }).getProject(config)
  if (project === undefined) throw new Error(`${config} is no project`)
  const { program, checker } = project
  const folder = join(root, 'service/')
  const names = program.getSourceFileNames().filter(name => name.startsWith(folder))
  const files = names.toSorted().flatMap(name => {
    const source = program.getSourceFile(name)
    return source === undefined ? [] : [{ name: name.slice(folder.length), source }]
  })
  return {
    checker,
    nodes: isKind =>
      files.flatMap(({ name, source }) =>
        [...descendants(source)].filter(isKind).map(node => ({
          node,
          place: `${name}:${lineOf(source, node)}`
        }))
      ),
    close: () => compiler.close()
  }
}

function descendants(node: Node): Node[] {
  const found: Node[] = [node]
  for (const next of found) next.forEachChild(child => void found.push(child))
  return found
}

function lineOf(source: SourceFile, node: Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}
