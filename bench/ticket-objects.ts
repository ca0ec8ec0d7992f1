import type { Ticket } from './tickets.ts'

/** A ticket as the flow object that a load must return, mapped by hand. */
export function ticketObject(ticket: Ticket, order: number): object {
  const { name, email } = ticket.requester
  const requester = object(`${ticket.id}-requester`, 'Ticket:requester', 0, [
    scalar('name', 'ContentString', name),
    scalar('email', 'ContentString', email)
  ])
  return object(String(ticket.id), 'Ticket', order, [
    scalar('id', 'ContentNumber', String(ticket.id)),
    scalar('subject', 'ContentString', ticket.subject),
    scalar('body', 'ContentString', ticket.body),
    scalar('status', 'ContentString', ticket.status),
    scalar('priority', 'ContentString', ticket.priority),
    scalar('estimate_hours', 'ContentNumber', String(ticket.estimate_hours)),
    scalar('urgent', 'ContentBoolean', String(ticket.urgent)),
    scalar('created_at', 'ContentDateTime', ticket.created_at),
    scalar('due_on', 'ContentDateTime', `${ticket.due_on}T00:00:00Z`),
    {
      typeElementPropertyId: null,
      developerName: 'requester',
      contentType: 'ContentObject',
      contentFormat: null,
      contentValue: null,
      objectData: [requester]
    }
  ])
}

function scalar(developerName: string, contentType: string, contentValue: string): object {
  return {
    typeElementPropertyId: null,
    developerName,
    contentType,
    contentFormat: null,
    contentValue,
    objectData: null
  }
}

function object(
  externalId: string,
  developerName: string,
  order: number,
  properties: object[]
): object {
  return {
    internalId: null,
    externalId,
    developerName,
    typeElementId: null,
    order,
    isSelected: false,
    properties
  }
}
