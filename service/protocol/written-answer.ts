/**
 * An answer as the JSON text that is sent. Building thousands of small objects only to serialise them takes
 * longer than all else that a load does here.
 */
export class WrittenAnswer {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}
