import type { Pointer } from '../../base/json-pointer.ts'
import type { JsonValue } from '../../base/json.ts'
import { member, plainText } from '../../base/json.ts'
import { nearest } from '../../base/nearest.ts'
import { suggestion } from '../../errors.ts'
import type { Report } from '../report.ts'

/** Reports why a part of a pipeline cannot be run. */
export function refuse(report: Report, at: Pointer, part: string, reason: string): null {
  report.add('PIPELINE_UNFIT', at, { part, reason })
  return null
}

/** The format of an input or output, in lower case; blank for none. */
export function formatOf(value: JsonValue): string {
  return plainText(member(value, 'format') ?? '')
    .trim()
    .toLowerCase()
}

/** The input that is named, else the only one, else that of the same name. */
export function inputOf(
  named: string | undefined,
  output: string,
  inputs: readonly string[]
): string | null {
  const [only, another] = inputs
  const name = named ?? (another === undefined ? only : output)
  return inputs.find(input => input === name) ?? null
}

/** Why an output takes none of the inputs. */
export function inputFault(named: string | undefined, inputs: readonly string[]): string {
  if (named === undefined) return 'it must say in `input` which of the inputs it takes'
  return `there is no input "${named}" that can be read${suggestion(nearest(named, inputs))}`
}

/**
 * Why a file cannot be written to a path, or the files of a directory; null if they can.
 *
 * @param member The member that has it. Only `path` may be in S3.
 */
export function pathFault(
  member: 'path' | 'rejects',
  path: string,
  isDirectory: boolean
): string | null {
  const its = member === 'path' ? 'its path' : `its \`${member}\``
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(path)?.[1]
  const isInS3 = member === 'path' && scheme?.toLowerCase() === 's3'
  if (isInS3 && !/^s3:\/\/[^/?#]+\/[^/]/i.test(path)) {
    return 'its path names no bucket and object, such as s3://bucket/customers.csv'
  }
  if (scheme !== undefined && !isInS3) {
    const other = member === 'path' ? ' or one that begins with s3://' : ''
    return `${its} begins with "${scheme}:"; a path of this machine${other} can be used`
  }
  if (path.includes('{{')) return `${its} has a template, which a path cannot have`
  const isOfDirectory = !isDirectory && /[/\\]$/.test(path)
  return isOfDirectory ? `${its} is that of a directory; it must be that of a file` : null
}
