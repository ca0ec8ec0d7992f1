import type { Changes } from '../diff/change-list.ts'
import { startComparison } from '../diff/compare-models.ts'
import type { OpenModel } from '../model/connector-model.ts'
import { createTurns, inTurns } from '../time/turns.ts'
import { apiAccess, requiredDocument } from './configuration.ts'
import type { Ports } from './session.ts'
import type { Caller, ConfigurationValues, VersionsRequest } from './types.ts'

/**
 * Compares two versions of a document by what they are to flows that have installed the older one
 * (docs/running.md#comparing-versions). Both are read again.
 *
 * @throws ConnectorError `CONFIG_REQUIRED` without a Schema URL, `CONFIG_INVALID`, and those of the opener.
 */
export async function compareDocuments(
  ports: Ports,
  caller: Caller,
  { old, new: now }: VersionsRequest
): Promise<Changes> {
  const access = apiAccess(old, ports.settings)
  const [before, after] = await Promise.all([
    openVersion(ports, caller, old),
    openVersion(ports, caller, now)
  ])
  const comparison = startComparison(before, after, access)
  await inTurns(createTurns(caller.deadline.signal), comparison.step)
  return comparison.read()
}

async function openVersion(
  { open }: Ports,
  { owner, deadline: { signal } }: Caller,
  configuration: ConfigurationValues
): Promise<OpenModel> {
  const request = requiredDocument(configuration)
  const { model } = await open(request, { owner, signal, mustRevalidate: true })
  return model
}
