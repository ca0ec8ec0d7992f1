import assert from 'node:assert/strict'
import { after, test } from 'node:test'

import type { Node, SpreadElement } from 'typescript/unstable/ast'
import {
  isCallExpression,
  isIdentifier,
  isNewExpression,
  isParameterDeclaration,
  isSpreadElement
} from 'typescript/unstable/ast'

import { readServiceSources } from './service-sources.ts'

/** Lists of a bounded length, and why it is bounded. */
const BOUNDED: { readonly [file: string]: string } = {
  'store/shared-rate-limit.ts': 'a rate limit has ten quotas at the most'
}

const sources = readServiceSources()
after(() => sources.close())

/** Whether a node is one of the arguments of a call. */
function isSpreadArgument(node: Node): node is SpreadElement {
  const { parent } = node
  return isSpreadElement(node) && (isCallExpression(parent) || isNewExpression(parent))
}

/** Whether an expression is the rest parameter of the function around it, whose values are arguments already. */
function isRestParameter({ expression }: SpreadElement): boolean {
  if (!isIdentifier(expression)) return false
  const names: string[] = []
  for (let node: Node | undefined = expression; node !== undefined; node = node.parent) {
    node.forEachChild(child => {
      if (!isParameterDeclaration(child) || child.dotDotDotToken === undefined) return
      if (isIdentifier(child.name)) names.push(child.name.text)
    })
  }
  return names.includes(expression.text)
}

/** Whether an expression has as many values as its type says. */
function isTuple({ expression }: SpreadElement): boolean {
  const type = sources.checker.getTypeAtLocation(expression)
  return type !== undefined && sources.checker.isTupleType(type)
}

test('H11 no list is spread into the arguments of a call, since more than some 120,000 end it', () => {
  const found = sources.nodes(isSpreadArgument)
  const unbounded = found.filter(({ node }) => !isRestParameter(node) && !isTuple(node))
  assert.deepEqual(
    unbounded
      .filter(({ place }) => !Object.hasOwn(BOUNDED, place.replace(/:\d+$/, '')))
      .map(({ node, place }) => `${place} ${node.parent.getText()}`),
    []
  )
  assert.ok(found.length > unbounded.length)
})
