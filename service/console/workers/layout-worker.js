/**
 * Lays out a diagram. The first message names the URL of dagre, since workers have no import map.
 *
 * @typedef {{ id: string, width: number, height: number }} Box
 * @typedef {{ from: string, to: string, width: number, height: number }} Line
 * @typedef {{ library: string, boxes: readonly Box[], lines: readonly Line[] }} LayoutTask
 *
 * @typedef {{ x: number, y: number }} Point
 * @typedef {{ failed: true }} NoLayout
 * @typedef {{
 *   width: number,
 *   height: number,
 *   boxes: (Point & { id: string })[],
 *   lines: { points: Point[], label: Point }[]
 * }} Layout Positions are those of centres; `lines` are in the order of the task.
 */

addEventListener('message', ({ data }) =>
  place(data).then(postMessage, () => postMessage({ failed: true }))
)

/**
 * @param {LayoutTask} task
 * @returns {Promise<Layout>}
 */
async function place({ library, boxes, lines }) {
  /** @type {typeof import('@dagrejs/dagre')} */
  const { graphlib, layout } = await import(library)
  const graph = new graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'LR', nodesep: 20, ranksep: 56, marginx: 16, marginy: 16 })
  for (const { id: box, width, height } of boxes) graph.setNode(box, { width, height })
  for (const [index, { from, to, width, height }] of lines.entries()) {
    graph.setEdge(from, to, { width, height, labelpos: 'c' }, String(index))
  }
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    width,
    height,
    boxes: boxes.map(({ id: box }) => {
      const { x, y } = graph.node(box)
      return { id: box, x, y }
    }),
    lines: lines.map(({ from, to }, index) => {
      const { points, x, y } = graph.edge(from, to, String(index))
      return { points, label: { x, y } }
    })
  }
}
