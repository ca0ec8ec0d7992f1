import type { Command, CommandOption } from '../command.ts'

export const PAUSE: CommandOption = {
  name: '--pause',
  does: 'begins no more parts of the run; those under way are finished'
}
export const RESUME: CommandOption = { name: '--resume', does: 'lets a paused run go on' }
export const RETRY: CommandOption = {
  name: '--retry',
  does: 'begins the parts again that failed'
}
export const CANCEL: CommandOption = {
  name: '--cancel',
  does: 'ends the run for good; parts under way are stopped, and no output is changed'
}
export const JSON_RUNS: CommandOption = { name: '--json', does: 'writes the runs or parts as JSON' }

export const jobsCommand: Command = {
  name: 'jobs',
  operands: ['[RUN]'],
  does: 'lists queued runs and the parts of one, and pauses, resumes, retries or cancels it',
  options: [PAUSE, RESUME, RETRY, CANCEL, JSON_RUNS],
  examples: [
    'openapi-flow jobs',
    'openapi-flow jobs 6f8a2c1e-0f6e-4c0b-9d55-0a4c7a1f2b3d',
    'openapi-flow jobs 6f8a2c1e-0f6e-4c0b-9d55-0a4c7a1f2b3d --retry'
  ],
  load: async () => {
    const { manageJobs } = await import('./manage-jobs.ts')
    return manageJobs
  }
}
