/** pngjs has no types of its own; this is what the tests read pictures with. */
declare module 'pngjs' {
  export const PNG: {
    readonly sync: {
      read(file: Buffer): { readonly width: number; readonly height: number; readonly data: Buffer };
    };
  };
}
