import type { PreparedCampaign } from '../campaign/prepare.js';
import type { Directory } from '../directory/directory.js';
import { RollcallError } from '../lib/errors.js';
import type { Person } from '../model/person.js';

/**
 * The one person an admin means: by stable id, uid, sAMAccountName, mail or DN, among those whom the campaign reads.
 * @throws ROLLCALL_ERR_UNKNOWN_PERSON when nobody fits, or more than one does.
 */
export async function findPerson(
  context: { directory: Directory; campaign: PreparedCampaign },
  who: string,
): Promise<Person> {
  const { people, name } = context.campaign.campaign;
  const found = await context.directory.find(
    { query: people, attributes: context.campaign.ldapAttributes },
    who,
  );
  const [person, another] = found;
  if (person === undefined) {
    throw new RollcallError('ROLLCALL_ERR_UNKNOWN_PERSON', `${name} reads nobody by the name of "${who}".`, {
      hint: `Looked for an id, uid, sAMAccountName, mail or DN below ${people.base} that fits ${people.filter}.`,
    });
  }
  if (another !== undefined) {
    throw new RollcallError(
      'ROLLCALL_ERR_UNKNOWN_PERSON',
      `"${who}" is ${found.length} people: ${found.map(({ dn }) => dn).join('; ')}.`,
      { hint: 'Name one of them by the DN or the stable id.' },
    );
  }
  return person;
}
