import { styleText } from 'node:util'

import type { Terminal } from './terminal.ts'

/** Colors a text for a person; leaves it as it is for a program. */
export type Paint = (
  style: 'red' | 'yellow' | 'cyan' | 'green' | 'bold' | 'dim',
  text: string
) => string

/** Colors standard output on a terminal, unless `NO_COLOR` is set (no-color.org) or `TERM` is `dumb`. */
export function createPaint({ isShown, environment }: Terminal): Paint {
  const isWanted = (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb'
  const isColored = isShown.out && isWanted
  return (style, text) => (isColored ? styleText(style, text, { validateStream: false }) : text)
}
