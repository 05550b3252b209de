/** Text that is HTML already and is not escaped again: Python's `markupsafe.Markup`. */
export class SafeMarkup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
