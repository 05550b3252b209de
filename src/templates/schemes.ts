/**
 * URI schemes that a link in a message may have: the web's, mail's and telephony's, and those of the clients that
 * are provisioned by link. `javascript:`, `data:`, `file:` and the like are not among them.
 */
export const linkSchemes: ReadonlySet<string> = new Set([
  'https',
  'http',
  'mailto',
  'tel',
  'sms',
  'sip',
  'sips',
  'xmpp',
  'im',
  'pexip',
  'pexip-provision',
  'hclsametime',
  'sametime',
  'stmeetings',
  'ciscojabber',
  'linphone-config',
  'csc',
  'scloc',
  'wire',
  'rocketchat',
  'mattermost',
  'nc',
  'ms-rd',
  'ms-device-enrollment',
  'zoomphonecall',
  'webexteams',
  'openpgp4fpr',
]);
