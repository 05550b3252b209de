import { goodBody, goodFiles, mjml } from './support.js';

/** A sound template with something more in its body. */
export const body = (content: string, head = '') => ({
  ...goodFiles,
  'message.mjml': mjml(`${goodBody}\n${content}`, head),
});
export const text = (html: string) => body(`<mj-text>${html}</mj-text>`);
export const raw = (html: string) => body(`<mj-raw>${html}</mj-raw>`);
export const file = (name: string, content: string) => ({ ...goodFiles, [name]: content });

export const TOKEN = 'ROLLCALL_ERR_TEMPLATE_TOKEN';
export const MARKUP = 'ROLLCALL_ERR_TEMPLATE_MARKUP';
export const MJML = 'ROLLCALL_ERR_TEMPLATE_MJML';
export const LINK = 'ROLLCALL_ERR_TEMPLATE_LINK';
export const REMOTE = 'ROLLCALL_ERR_TEMPLATE_REMOTE';
export const PICTURE = 'ROLLCALL_ERR_TEMPLATE_PICTURE';
export const ACTIVE = 'ROLLCALL_ERR_TEMPLATE_ACTIVE';
export const SYNTAX = 'ROLLCALL_ERR_TEMPLATE_SYNTAX';
export const SECRET = 'ROLLCALL_ERR_TEMPLATE_SECRET';
export const SUBJECT = 'ROLLCALL_ERR_TEMPLATE_SUBJECT';
export const TEXT = 'ROLLCALL_ERR_TEMPLATE_TEXT';
