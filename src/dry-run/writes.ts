/** Mails whose files are being written while the next ones are rendered: enough to keep the disk busy. */
const AT_ONCE = 16;

/** Writes under way, so many at most; what fails is thrown by the next call. */
export interface Writes {
  /** Resolves once there is room for another. */
  add(write: Promise<unknown>): Promise<void>;
  /** Resolves once all are done. */
  end(): Promise<void>;
}

export function createWrites(): Writes {
  const open = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const throwFailure = () => {
    if (failure !== undefined) throw failure.error;
  };
  return {
    async add(write) {
      const tracked: Promise<void> = write
        .then(
          () => undefined,
          (error: unknown) => {
            failure ??= { error };
          },
        )
        .finally(() => open.delete(tracked));
      open.add(tracked);
      if (open.size >= AT_ONCE) await Promise.race(open);
      throwFailure();
    },
    async end() {
      await Promise.all(open);
      throwFailure();
    },
  };
}
