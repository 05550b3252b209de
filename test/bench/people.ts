import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export const BASE = 'dc=corp,dc=example';

const GIVEN = ['Anna', 'Zoë', 'Peter', 'José', 'Fatima', 'Jürgen', 'Wei', 'Øystein', 'Mary Jane', 'Łukasz'];
const FAMILY = [
  'Smith',
  'García',
  'Miller',
  'Müller',
  'Brown',
  'Şahin',
  "O'Brien",
  'Nguyễn',
  'Lee',
  'Đorđević',
];

/** Writes an LDIF file: an organisational unit of each name with so many people, half of them with names beyond ASCII. */
export async function writePeople(file: string, units: Readonly<Record<string, number>>): Promise<void> {
  const out = createWriteStream(file);
  out.write(`dn: ${BASE}\nobjectClass: dcObject\nobjectClass: organization\no: Corp\ndc: corp\n\n`);
  for (const [unit, count] of Object.entries(units)) {
    out.write(`dn: ou=${unit},${BASE}\nobjectClass: organizationalUnit\nou: ${unit}\n\n`);
    for (let number = 0; number < count; number += 1)
      if (!out.write(entry(unit, number))) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

function entry(unit: string, number: number): string {
  const uid = `${unit}${String(number).padStart(6, '0')}`;
  const given = GIVEN[number % GIVEN.length] ?? '';
  const family = FAMILY[Math.floor(number / GIVEN.length) % FAMILY.length] ?? '';
  const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');
  return `dn: uid=${uid},ou=${unit},${BASE}
objectClass: inetOrgPerson
entryUUID: ${uuidOf(uid)}
uid: ${uid}
cn:: ${base64(`${given} ${family}`)}
sn:: ${base64(family)}
givenName:: ${base64(given)}
mail: ${uid}@corp.example
employeeType: staff

`;
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
