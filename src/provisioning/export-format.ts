import type { JinjaContext } from '../jinja/types.js';
import type { Assignment } from '../model/assignment.js';
import type { PreparedSystem, SystemName } from './system.js';

interface ExportSource {
  readonly campaign: string;
  readonly system: PreparedSystem;
  /** What is the same for everybody: `vars` and `campaign`. */
  readonly constants: JinjaContext;
  /** Everybody the campaign assigns something to, in the order in which they are to be written. */
  readonly assignments: () => AsyncIterable<Assignment> | Iterable<Assignment>;
}

/** A file that the system itself takes in. */
export interface ExportFormat {
  readonly system: SystemName;
  /**
   * The file's text, piece by piece. It may hold passwords: the caller writes it 0600.
   * @returns what whoever uses the file should know, a sentence each.
   * @throws ROLLCALL_ERR_EXPORT where the campaign has nothing that this format could hold.
   */
  write(source: ExportSource): AsyncGenerator<string, readonly string[]>;
}
