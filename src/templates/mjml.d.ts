/** What of MJML 5 is used here; the package has no types of its own. */
declare module 'mjml' {
  interface MjmlOptions {
    fonts: Record<string, string>;
    keepComments: boolean;
    minify: boolean;
    beautify: boolean;
    ignoreIncludes: boolean;
    validationLevel: 'strict';
  }
  export default function mjml2html(source: string, options: MjmlOptions): Promise<{ html: string }>;
}
