/**
 * Every error a user can meet: its exit code, what it means, and what to do.
 * `docs/reference/errors.md` lists each of them, and a test holds the two together.
 */
interface ErrorCodeRow {
  /** 1 done but …, 2 usage/settings/campaign/template, 3 refused, 4 a service, 70 a fault of ours. */
  readonly exit: 1 | 2 | 3 | 4 | 70;
  readonly means: string;
  readonly hint: string;
}

export const errorCodes = {
  // Rollcall itself
  ROLLCALL_ERR_INTERNAL: {
    exit: 70,
    means: 'Something happened that Rollcall does not know how to handle.',
    hint: 'Please report it with the log; nothing was sent because of it that the ledger does not show.',
  },
  ROLLCALL_ERR_USAGE: {
    exit: 2,
    means: 'The command line is not one that Rollcall understands.',
    hint: 'Run the command with --help to see what it takes.',
  },
  ROLLCALL_ERR_TIMEOUT: {
    exit: 4,
    means: 'Something that Rollcall waited for did not happen in time.',
    hint: 'Check the service that the message names, and try again.',
  },
  ROLLCALL_ERR_DAEMON: {
    exit: 4,
    means: 'A program that Rollcall starts itself (redis-server, or the sandbox) did not come up.',
    hint: 'Check that it is installed and read what it printed.',
  },
  ROLLCALL_ERR_IO: {
    exit: 4,
    means: 'A file or folder that Rollcall works with could not be read or written.',
    hint: 'Check that it is there, that this user may use it, and that the disk is not full.',
  },
  // Dry run
  ROLLCALL_ERR_OUT: {
    exit: 2,
    means: 'A folder or file to write to is there already and is not ours to replace, or cannot be written.',
    hint: 'Name one that does not exist yet, is empty, or holds an earlier dry run.',
  },
  ROLLCALL_ERR_AGAINST: {
    exit: 2,
    means: 'The folder given with --against holds no earlier dry run.',
    hint: 'Name the folder that an earlier "rollcall dry-run --out" wrote.',
  },
  ROLLCALL_ERR_REVEAL: {
    exit: 2,
    means:
      'Real passwords were asked for where their mails might be kept or seen: without a terminal, or in CI.',
    hint: 'Leave out --reveal-secrets: what stands in for a password has the same length and alphabet.',
  },
  ROLLCALL_ERR_ALIAS_CONFLICT: {
    exit: 1,
    means: 'Two people of one campaign would get the same alias, so neither is written to.',
    hint: 'Make the alias of the pattern tell them apart, or mend the directory.',
  },
  // Planning and steering
  ROLLCALL_ERR_LIMIT: {
    exit: 3,
    means: 'A run would read or write to more or fewer people than the limits of the campaign allow.',
    hint: 'Nothing was queued. Look at the numbers; if they are right, run again with the --accept-count that the message names.',
  },
  ROLLCALL_ERR_NOTHING_RENDERS: {
    exit: 3,
    means: 'None of the first mails of a plan could be rendered, so none was queued.',
    hint: 'Mend the template or the campaign; "rollcall dry-run" shows each mail and its problem.',
  },
  ROLLCALL_ERR_PREFLIGHT: {
    exit: 3,
    means: 'A campaign that says preflight: require found its system not ready.',
    hint: 'Nothing was queued. Mend what "rollcall check CAMPAIGN" shows.',
  },
  ROLLCALL_ERR_SPOOL: {
    exit: 4,
    means: 'The plan could not be kept on disk while the directory was read.',
    hint: 'Make room in paths.data, or let the user that Rollcall runs as write there. Nothing was queued.',
  },
  ROLLCALL_ERR_UNKNOWN_PERSON: {
    exit: 2,
    means: 'The campaign reads nobody, or more than one person, by the name given.',
    hint: 'Name the person by stable id, uid, sAMAccountName, mail or DN.',
  },
  ROLLCALL_ERR_UNKNOWN_RUN: {
    exit: 2,
    means: 'The ledger has no such run of that campaign.',
    hint: 'Run "rollcall status CAMPAIGN" to see its runs.',
  },
  ROLLCALL_ERR_NOT_SENT: {
    exit: 4,
    means: 'The relay did not take a test message.',
    hint: 'Run "rollcall check" to see what the relay says.',
  },
  ROLLCALL_ERR_NOT_CONFIRMED: {
    exit: 3,
    means: 'What was asked for wants a yes, and did not get one.',
    hint: 'Nothing was done. Run it again and answer yes, or add --yes.',
  },
  // Settings and campaigns
  ROLLCALL_ERR_INVALID: {
    exit: 2,
    means: 'Settings, campaign or templates have problems; each is listed with its place.',
    hint: 'Mend the problems listed and run "rollcall check".',
  },
  ROLLCALL_ERR_FILE: {
    exit: 2,
    means: 'A file that is named cannot be read.',
    hint: 'Check the path and who may read it; relative paths are relative to the file that names them.',
  },
  ROLLCALL_ERR_YAML: {
    exit: 2,
    means: 'The file is not valid YAML, or names a key twice.',
    hint: 'Check the indentation, the quotes and the brackets at that place.',
  },
  ROLLCALL_ERR_REFERENCE: {
    exit: 2,
    means:
      'A ${NAME} or ${file:…} names an environment variable that is not set, or a file that cannot be read.',
    hint: 'Set the variable or make the file readable; write $${ for a literal ${.',
  },
  ROLLCALL_ERR_UNKNOWN_KEY: {
    exit: 2,
    means: 'A key that Rollcall does not know, or not at this place.',
    hint: 'Correct the spelling or take the key out; config/rollcall.yaml lists them all.',
  },
  ROLLCALL_ERR_MISSING_KEY: {
    exit: 2,
    means: 'A key that is needed is not there.',
    hint: 'Add the key; config/rollcall.yaml shows each with an example.',
  },
  ROLLCALL_ERR_VALUE: {
    exit: 2,
    means: 'A value is not of the kind that its key takes.',
    hint: 'Correct the value; config/rollcall.yaml shows each key with an example.',
  },
  ROLLCALL_ERR_SCHEDULE: {
    exit: 2,
    means: 'A cron expression or time zone is not valid.',
    hint: 'Write five fields such as "30 2 * * *", and an IANA time zone such as Europe/London.',
  },
  ROLLCALL_ERR_PLAINTEXT: {
    exit: 2,
    means: 'LDAP, SMTP or Redis without TLS to something other than this machine.',
    hint: 'Use ldaps://, startTls, tls: starttls or rediss://; or accept it with allowPlaintext: true.',
  },
  ROLLCALL_ERR_TLS_CHECKS_OFF: {
    exit: 2,
    means: 'NODE_TLS_REJECT_UNAUTHORIZED=0 is set, which would accept every certificate.',
    hint: 'Unset it, and name your certificate authority with caFile.',
  },
  ROLLCALL_ERR_UNKNOWN_CAMPAIGN: {
    exit: 2,
    means: 'There is no campaign of that name.',
    hint: 'Campaigns are the files NAME.yaml in paths.jobs; a path works too.',
  },
  // Alias patterns
  ROLLCALL_ERR_PATTERN: {
    exit: 2,
    means: 'A glob or regular expression of an alias pattern is not valid.',
    hint: 'Globs take * and ?; regular expressions are written /…/flags in the language of JavaScript.',
  },
  ROLLCALL_ERR_PATTERN_GONE: {
    exit: 2,
    means: 'A delivery was planned with an alias pattern that the campaign does not have any more.',
    hint: 'Run the campaign again; it plans anew for whoever matches another pattern now.',
  },
  ROLLCALL_ERR_PATTERN_TIME: {
    exit: 2,
    means: 'A regular expression took too long on a value of this person; it backtracks.',
    hint: 'Rewrite the expression without a repetition inside a repetition, such as (a+)+.',
  },
  ROLLCALL_ERR_IMPURE: {
    exit: 2,
    means: 'A value that must be the same each time uses the time or randomness.',
    hint: 'Derive it from the person instead, for example with {{ uid|pex_hash|pex_tail(12) }}.',
  },
  ROLLCALL_ERR_UNUSABLE_VALUE: {
    exit: 1,
    means: 'An alias, user name, password or link value came out empty, too long or with control characters.',
    hint: "Correct the person's entry in the directory, or the alias pattern.",
  },
  ROLLCALL_ERR_UNFINISHED_TEXT: {
    exit: 1,
    means: 'A rendered mail holds "undefined", "NaN", "[object Object]" or a leftover {{ or {%.',
    hint: 'Look at the template with "rollcall dry-run", and correct the expression.',
  },
  // Provisioning
  ROLLCALL_ERR_PROVISIONING: {
    exit: 2,
    means: 'The provisioning: section asks for something that the system cannot do.',
    hint: "Compare the section with the system's page in docs/reference/systems.",
  },
  ROLLCALL_ERR_FIELD_LIMIT: {
    exit: 1,
    means: "A value is longer than the system's own record of the device holds.",
    hint: 'Shorten it in the alias pattern, for example with truncate or pex_head.',
  },
  ROLLCALL_ERR_QR_TOO_LONG: {
    exit: 1,
    means: 'A link is too long for a QR code.',
    hint: 'Leave link.qr out of the template, or values out of the link.',
  },
  ROLLCALL_ERR_EXPORT: {
    exit: 2,
    means: 'The campaign cannot be exported in this format.',
    hint: "The system's page in docs/reference/systems names the formats it has.",
  },
  ROLLCALL_ERR_PREFLIGHT_DNS: {
    exit: 3,
    means: "The system's name is not in DNS as its clients need it.",
    hint: 'Add the record, or correct the name in the provisioning: section.',
  },
  ROLLCALL_ERR_PREFLIGHT_UNREACHABLE: {
    exit: 3,
    means: "The system's server cannot be reached.",
    hint: 'Check host and port, and that this machine may connect to it.',
  },
  ROLLCALL_ERR_PREFLIGHT_CERTIFICATE: {
    exit: 3,
    means: "The people's devices would refuse the server's certificate.",
    hint: 'Install a certificate that is in date, names the host and is signed by an authority that the devices trust; name a private one with caFile.',
  },
  ROLLCALL_ERR_PREFLIGHT_ANSWER: {
    exit: 3,
    means: 'The server answers, but not as the system would.',
    hint: 'Check that host, port and path are those of the system, and that the feature is switched on.',
  },
  // Template language
  ROLLCALL_ERR_TEMPLATE_SYNTAX: {
    exit: 2,
    means: 'A template, or an expression in the settings, is not written as Jinja2 wants it.',
    hint: 'Look at the place named: usually a tag, bracket or quote is not closed.',
  },
  ROLLCALL_ERR_TEMPLATE_TAG: {
    exit: 2,
    means:
      'A template uses a tag that is not there: each template is one file, so nothing is included or inherited.',
    hint: 'Use if, for, set, with, macro, call, filter or raw; docs/reference/template-language.md lists them.',
  },
  ROLLCALL_ERR_UNKNOWN_FILTER: {
    exit: 2,
    means: 'A template uses a filter that is not there.',
    hint: 'docs/reference/template-language.md lists the filters.',
  },
  ROLLCALL_ERR_UNKNOWN_FUNCTION: {
    exit: 2,
    means: 'A template calls a function that is not there.',
    hint: 'docs/reference/template-language.md lists the functions.',
  },
  ROLLCALL_ERR_UNKNOWN_TEST: {
    exit: 2,
    means: 'A template uses a test, after "is", that is not there.',
    hint: 'docs/reference/template-language.md lists the tests.',
  },
  ROLLCALL_ERR_UNDEFINED_VARIABLE: {
    exit: 1,
    means: 'A template prints or uses a value that this person lacks.',
    hint: 'Give it a default, as in {{ title|default("") }}, or ask first with {% if title %}.',
  },
  ROLLCALL_ERR_RENDER: {
    exit: 1,
    means:
      'An expression of a template cannot be computed for this person, where Jinja2 would raise an error too.',
    hint: "Look at the expression and at the person's values: the message says what does not go together.",
  },
  ROLLCALL_ERR_TEMPLATE_LIMIT: {
    exit: 1,
    means: 'A template makes a list, text or number too large to be meant.',
    hint: 'A range has at most 100,000 steps and a text at most 1,000,000 characters.',
  },
  // Directory
  ROLLCALL_ERR_DIRECTORY_UNREACHABLE: {
    exit: 4,
    means: 'The directory (or its LDIF file) could not be reached.',
    hint: 'Check directory.url, and that the server answers from this machine.',
  },
  ROLLCALL_ERR_DIRECTORY_TLS: {
    exit: 4,
    means: 'No encrypted connection to the directory that can be trusted came about.',
    hint: 'Check directory.caFile and directory.serverName against the certificate of the server.',
  },
  ROLLCALL_ERR_DIRECTORY_LOGIN: {
    exit: 4,
    means: 'The directory did not accept directory.bindDn with its password.',
    hint: 'Check directory.bindDn and directory.bindPassword.',
  },
  ROLLCALL_ERR_DIRECTORY_INCOMPLETE: {
    exit: 4,
    means: 'The read of the directory is not proven to be complete, so nothing was done with it.',
    hint: 'Mend what the message names, and run again; nobody was written to, and nobody was dropped, because of it.',
  },
  ROLLCALL_ERR_LDIF: {
    exit: 2,
    means: 'An LDIF file has problems; each is listed with its place.',
    hint: 'Mend the lines listed. "ldapsearch -LLL" and "slapcat" write LDIF that Rollcall reads.',
  },
  // Keys
  ROLLCALL_ERR_KEY_MISSING: {
    exit: 2,
    means: 'The root key of keys.file, or one of keys.previous, cannot be read.',
    hint: 'Make one with "rollcall key create", or copy the one that the other machines use.',
  },
  ROLLCALL_ERR_KEY_INVALID: {
    exit: 2,
    means: 'A key file holds no root key, can be read by everybody, or cannot be written.',
    hint: 'Restore the file from your backup; only its owner may read it.',
  },
  ROLLCALL_ERR_KEY_EXISTS: {
    exit: 2,
    means: 'There is a root key already, and one is never overwritten.',
    hint: 'To change keys, move the old file, name it in keys.previous, and run "rollcall key create" again.',
  },
  ROLLCALL_ERR_SEAL: {
    exit: 4,
    means: 'A sealed value in Redis or on disk does not open: changed, moved, or sealed under another key.',
    hint: 'Name the key it was sealed under in keys.previous; if it is there, somebody changed the data.',
  },
  // Redis
  ROLLCALL_ERR_REDIS_UNREACHABLE: {
    exit: 4,
    means: 'Redis does not answer, or refuses the login.',
    hint: 'Check redis.url, the network and the password, and that Redis runs.',
  },
  ROLLCALL_ERR_REDIS_UNFIT: {
    exit: 4,
    means: 'Redis is not as Rollcall needs it: noeviction, AOF, 6.2 or later, no cluster, not a replica.',
    hint: 'Change what the message names in the configuration of Redis (docs/reference/ledger.md).',
  },
  ROLLCALL_ERR_REDIS_REFUSED: {
    exit: 4,
    means: 'Redis refuses to write: its memory or disk is full, or it has become a replica.',
    hint: 'Give it memory or disk, or point redis.url at the master. Nothing was written, and nothing is lost.',
  },
  ROLLCALL_ERR_REDIS_PLAINTEXT: {
    exit: 2,
    means: 'Redis would be spoken to without TLS over a network.',
    hint: 'Use rediss://, or set allowPlaintext: true if that network is trusted.',
  },
  // Ledger
  ROLLCALL_ERR_LEDGER_KEY: {
    exit: 4,
    means: 'The ledger in Redis was written under another root key.',
    hint: 'Use the key file of the other machines; after a change of keys, name the old one in keys.previous.',
  },
  ROLLCALL_ERR_LEDGER_BEHIND: {
    exit: 4,
    means:
      'Redis knows less than was written to it before: it was flushed, restored from an old backup, or is another one.',
    hint: 'Restore the newest backup of Redis (docs/guides/backup.md). Going on would write to people again.',
  },
  ROLLCALL_ERR_LEDGER_VERSION: {
    exit: 4,
    means: 'The ledger in Redis was written by a newer Rollcall.',
    hint: 'Update Rollcall on this machine.',
  },
  ROLLCALL_ERR_LEDGER_BUSY: {
    exit: 3,
    means: 'The ledger changed while it was being exported, so that the export is not of one moment.',
    hint: 'Stop "start" and "work" on all machines, and export again.',
  },
  ROLLCALL_ERR_LEDGER_IMPORT: {
    exit: 2,
    means: 'What is to be imported is no whole export of a ledger, or an import was never finished.',
    hint: 'Import a whole, unchanged export; importing the same one again is safe.',
  },
  ROLLCALL_ERR_LEDGER_NOT_EMPTY: {
    exit: 3,
    means: 'The ledger to import into holds campaigns of its own.',
    hint: 'Import into a fresh Redis, or under another redis.prefix.',
  },
  ROLLCALL_ERR_LEDGER_SUMS: {
    exit: 70,
    means: 'The numbers of a run do not add up to the people read.',
    hint: 'Please report it with the log. What was planned is kept; nothing is sent twice.',
  },
  ROLLCALL_ERR_JOURNAL: {
    exit: 2,
    means: 'The journal of accepted replies in paths.data cannot be written.',
    hint: 'Check that paths.data is there, has room, and belongs to the user Rollcall runs as.',
  },
  ROLLCALL_ERR_LOCK_HELD: {
    exit: 3,
    means: 'Another process is planning this campaign.',
    hint: 'Wait until it has finished, or see who it is with "rollcall status".',
  },
  ROLLCALL_ERR_LOCK_LOST: {
    exit: 3,
    means: 'This process was away for so long that another one took over the planning of the campaign.',
    hint: 'Nothing is lost: the other process resumes the run.',
  },
  ROLLCALL_ERR_RUN_CLOSED: {
    exit: 3,
    means: 'The run was cancelled, or its plan is complete already.',
    hint: 'Start a new run.',
  },
  // Mail
  ROLLCALL_ERR_SMTP_UNREACHABLE: {
    exit: 4,
    means: 'The SMTP server could not be reached, or ended the connection before it would take a message.',
    hint: 'Check smtp.host and smtp.port, the network, and whether the server runs.',
  },
  ROLLCALL_ERR_SMTP_TLS: {
    exit: 4,
    means: 'No trusted TLS connection to the SMTP server came about.',
    hint: 'Check smtp.tls, the certificate and its dates; caFile for an own authority, serverName for another name.',
  },
  ROLLCALL_ERR_SMTP_LOGIN: {
    exit: 4,
    means: 'The SMTP server does not accept smtp.user and smtp.password.',
    hint: 'Check both, and whether this account may send.',
  },
  ROLLCALL_ERR_SMTP_REFUSED: {
    exit: 4,
    means: 'The SMTP server does not take messages from Rollcall, or not now.',
    hint: 'Read what the server said; it may be overloaded, or not allow this machine or sender.',
  },
  ROLLCALL_ERR_RECIPIENT: {
    exit: 3,
    means:
      'A message was about to go to an address that recipients.allowedDomains does not cover. It was not sent.',
    hint: 'Check the recipients section of the settings.',
  },
  ROLLCALL_ERR_MAILBOX: {
    exit: 4,
    means: 'The mailbox, folder or file that bounces are read from cannot be read.',
    hint: 'Check bounces.imap, or the path that was given.',
  },
  ROLLCALL_ERR_NO_BOUNCE_MAILBOX: {
    exit: 2,
    means: 'Bounces are to be read from a mailbox, and the settings name none.',
    hint: 'Set bounces.imap, or name a folder ("rollcall bounces DIR"), or give one message by a pipe ("rollcall bounces -").',
  },
  // Message templates
  ROLLCALL_ERR_TEMPLATE_MISSING: {
    exit: 2,
    means: 'There is no template of that name, or it lacks message.mjml (or message.html) or subject.txt.',
    hint: 'Write the file that is named. A template is a folder in paths.templates.',
  },
  ROLLCALL_ERR_TEMPLATE_FILE: {
    exit: 2,
    means:
      'A file in a template’s folder has a name that means nothing, is there twice, or leaves a locale half done.',
    hint: 'Names are message.mjml (or message.html), message.txt and subject.txt, with the locale before the ending: message.de.mjml.',
  },
  ROLLCALL_ERR_TEMPLATE_ENCODING: {
    exit: 2,
    means: 'A template file is not plain UTF-8 text.',
    hint: 'Save it as UTF-8 without a byte-order mark.',
  },
  ROLLCALL_ERR_UNKNOWN_VARIABLE: {
    exit: 2,
    means: 'A template, pattern or setting uses a variable that does not exist.',
    hint: 'Correct its name, or add the LDAP attribute to people.attributes or the constant to vars.',
  },
  ROLLCALL_ERR_TEMPLATE_MARKUP: {
    exit: 2,
    means: 'Tags are not closed, crossed or malformed, which each mail program mends in its own way.',
    hint: 'Close each tag where the message says.',
  },
  ROLLCALL_ERR_TEMPLATE_MJML: {
    exit: 2,
    means: 'MJML does not know an element, attribute or value, or the element stands where MJML drops it.',
    hint: 'See the MJML documentation of the element that is named.',
  },
  ROLLCALL_ERR_TEMPLATE_TOKEN: {
    exit: 2,
    means:
      'A {{ }} or {% %} stands where it is lost, where it breaks the layout, or where a value could break out.',
    hint: 'Move it into the text of <mj-text>, into a quoted href, or into <mj-raw>.',
  },
  ROLLCALL_ERR_TEMPLATE_LINK: {
    exit: 2,
    means:
      'A link is empty, leads nowhere, has a scheme that mails may not have, or shows another address than it leads to.',
    hint: 'Use {{ link.uri }}, or an address that begins with https://.',
  },
  ROLLCALL_ERR_TEMPLATE_REMOTE: {
    exit: 2,
    means: 'A picture, font or style sheet would be fetched from elsewhere when the mail is opened.',
    hint: 'Leave it out: it tells a third party who opened a mail with credentials in it.',
  },
  ROLLCALL_ERR_TEMPLATE_PICTURE: {
    exit: 2,
    means: 'A picture is not attached to the mail, or link.qr is used as text.',
    hint: 'Only {{ link.qr }} is attached, as the src of a picture.',
  },
  ROLLCALL_ERR_TEMPLATE_ACTIVE: {
    exit: 2,
    means: 'Scripts, forms, frames and the like do not work in mails, and make filters suspicious.',
    hint: 'Leave it out; a link can lead to a page that has it.',
  },
  ROLLCALL_ERR_TEMPLATE_ALT: {
    exit: 2,
    means: 'A picture has no alternative text.',
    hint: 'Say in alt="…" what it shows: most programs show pictures only when asked to.',
  },
  ROLLCALL_ERR_TEMPLATE_SECRET: {
    exit: 2,
    means:
      'A password or link stands where it is shown without opening the mail: subject, preview, title or alternative text.',
    hint: 'Say it in the body only.',
  },
  ROLLCALL_ERR_TEMPLATE_ESCAPING: {
    exit: 2,
    means: 'Escaping is switched off for values that come from the directory.',
    hint: 'Leave out |safe and autoescape false: values are escaped rightly by themselves.',
  },
  ROLLCALL_ERR_TEMPLATE_SUBJECT: {
    exit: 2,
    means: 'The subject is missing, empty, too long, or has more than one line.',
    hint: 'Write one line into subject.txt.',
  },
  ROLLCALL_ERR_TEMPLATE_TEXT: {
    exit: 2,
    means: 'There is no usable text part, or it lacks the link that the HTML part has.',
    hint: 'Write message.txt, with {{ link.uri }} on a line of its own.',
  },
  ROLLCALL_ERR_TEMPLATE_SIZE: {
    exit: 2,
    means: 'The HTML part has more than 100 KB: Gmail cuts it off.',
    hint: 'Make it shorter, or move what is long to a web page.',
  },
  ROLLCALL_ERR_TEMPLATE_LANGUAGE: {
    exit: 2,
    means: 'The message does not say its language, or says another than its file name.',
    hint: 'Write <mjml lang="en">, or the language it is in.',
  },
} as const satisfies Record<string, ErrorCodeRow>;

export type ErrorCode = keyof typeof errorCodes;
