import { createHash } from 'node:crypto';

/** One made-up person, and the LDIF entry that says the same. */
export interface MadeUpPerson {
  readonly id: string;
  readonly uid: string;
  readonly givenName: string;
  readonly sn: string;
  readonly mail: readonly string[];
  readonly employeeType: string;
}

const BASE = 'dc=corp,dc=example';

const GIVEN = [
  '王小明',
  'محمد',
  'Zoë',
  'José',
  'A\u030asa',
  'Nguyễn',
  "D'Arcy",
  'Anne-Marie',
  'Ævar',
  'Øystein',
  'İpek',
  '陳大文',
];
const FAMILY = [
  'O’Brien',
  'García & Sons',
  'a+b=c',
  '100%',
  '"Quote"',
  '<b>bold</b>',
  '{{ 7 * 7 }}',
  '{% if x %}',
  'نجيب',
  'Łukasiewicz',
  'line\nbreak',
  'Þórsdóttir',
];

/** The same people for the same numbers, every eleventh without an address and every seventh with several. */
export function makePeople(count: number): MadeUpPerson[] {
  return Array.from({ length: count }, (_, index) => {
    const uid = `p${String(index).padStart(6, '0')}`;
    const own = `${uid}@corp.example`;
    return {
      id: uuidOf(uid),
      uid,
      givenName: GIVEN[index % GIVEN.length] ?? '',
      sn: `${FAMILY[Math.floor(index / GIVEN.length) % FAMILY.length] ?? ''} ${index}`,
      mail: index % 11 === 5 ? [] : index % 7 === 3 ? [`z-${own}`, `a-${own}`] : [own],
      employeeType: index % 13 === 8 ? 'leaver' : 'staff',
    };
  });
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** An LDIF of the base, ou=people, and these people; every value in Base64, so that any text is safe. */
export function toLdif(people: readonly MadeUpPerson[]): string {
  const value = (name: string, text: string) => `${name}:: ${Buffer.from(text, 'utf8').toString('base64')}`;
  const head = [
    `dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Corp\ndc: corp`,
    `dn: ou=people,${BASE}\nobjectClass: organizationalUnit\nou: people`,
  ];
  const entries = people.map((person) =>
    [
      `dn: uid=${person.uid},ou=people,${BASE}`,
      'objectClass: inetOrgPerson',
      `entryUUID: ${person.id}`,
      `uid: ${person.uid}`,
      value('cn', `${person.givenName} ${person.sn}`),
      value('sn', person.sn),
      value('givenName', person.givenName),
      ...person.mail.map((mail) => value('mail', mail)),
      `employeeType: ${person.employeeType}`,
    ].join('\n'),
  );
  return `${[...head, ...entries].join('\n\n')}\n`;
}
