/** A name in lower case, without `_`, `-` and spaces: equal for `ticketId`, `ticket_id` and `TicketID`. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, '')
}
