/** A variable of the generated code. */
export interface Local {
  readonly id: string;
  /** Set on every way to here. */
  readonly certain: boolean;
  /** Set on some way to here. */
  readonly possible: boolean;
}

/** The names that the template makes itself, as Jinja2 scopes them: loops, macros and captures have their own, branches not. */
export class Scope {
  readonly parent: Scope | undefined;
  /** A macro's body runs later than it stands: what is set below it may be set by then. */
  readonly deferred: boolean;
  readonly #ids = new Map<string, string>();
  #certain = new Set<string>();
  readonly #possible = new Set<string>();

  constructor(parent?: Scope, { deferred = false }: { readonly deferred?: boolean } = {}) {
    this.parent = parent;
    this.deferred = deferred;
  }

  /** A name that is set from the start: a loop's variable, a macro's argument. */
  bind(name: string, id: string): void {
    this.declare(name, id);
    this.assign(name);
  }

  declare(name: string, id: string): void {
    this.#ids.set(name, id);
  }

  assign(name: string): void {
    this.#certain.add(name);
    this.#possible.add(name);
  }

  /** True where the name is this scope's own. */
  binds(name: string): boolean {
    return this.#ids.has(name);
  }

  find(name: string): Local | undefined {
    const id = this.#ids.get(name);
    if (id === undefined) {
      const outer = this.parent?.find(name);
      return outer && this.deferred ? { ...outer, possible: true } : outer;
    }
    if (this.#certain.has(name)) return { id, certain: true, possible: true };
    const outer = this.parent?.find(name);
    return {
      id,
      certain: outer?.certain ?? false,
      possible: this.#possible.has(name) || (outer?.possible ?? false),
    };
  }

  /** Runs the branches; certain after them is what each of them sets. */
  branches(runs: readonly (() => void)[]): void {
    const before = this.#certain;
    const after = runs.map((run) => {
      this.#certain = new Set(before);
      run();
      return this.#certain;
    });
    const [first = before, ...rest] = after;
    this.#certain = new Set([...first].filter((name) => rest.every((set) => set.has(name))));
  }

  /** The names to choose from for "did you mean". */
  names(): readonly string[] {
    return [...this.#ids.keys(), ...(this.parent?.names() ?? [])];
  }
}
