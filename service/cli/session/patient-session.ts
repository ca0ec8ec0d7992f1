import type { OnWait } from '../../exchange/watch.ts'
import type { Session } from '../../operations/session.ts'

/** A session whose calls wait as long as that takes, and tell of it. */
export function patientSession(session: Session, onWait: OnWait): Session {
  const { caller } = session
  return {
    ...session,
    caller: { ...caller, deadline: { ...caller.deadline, isAlone: true, onWait } }
  }
}
