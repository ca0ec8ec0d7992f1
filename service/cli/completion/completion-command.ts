import { ownMember } from '../../base/json.ts'
import type { Command } from '../command.ts'
import { CommandError } from '../terminal.ts'

export const completionCommand: Command = {
  name: 'completion',
  operands: ['SHELL'],
  does: 'writes a script that completes commands and options in bash or zsh',
  options: [],
  examples: [
    'eval "$(openapi-flow completion bash)"',
    'openapi-flow completion bash > ~/.local/share/bash-completion/completions/openapi-flow',
    'openapi-flow completion zsh > ~/.zfunc/_openapi-flow'
  ],
  load: async () => {
    const [{ COMMANDS }, { renderBash, renderZsh }] = await Promise.all([
      import('../command-table.ts'),
      import('./render-completion.ts')
    ])
    return async ({ operands: [shell = ''] }, { terminal }) => {
      const render = ownMember({ bash: renderBash, zsh: renderZsh }, shell)
      if (render === undefined) {
        throw new CommandError(`there is no completion for "${shell}", but for bash and zsh`)
      }
      terminal.out(render(COMMANDS))
      return 0
    }
  }
}
