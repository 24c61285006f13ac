/** What the desk keeps beside drafts: templates and saved areas, a version for each change, and what people did on duty. */
import { MosaicError, type Realm, type RecordId } from '../../record/index.ts'
import type { Appended } from '../../store/index.ts'
import type { DeskPerson, Ref } from './contract.ts'
import type { DeskParts } from './desk.ts'
import { acted, type DutyAction } from './duty.ts'
import { DeskRefused } from './errors.ts'
import {
  deskHandling,
  dutyActionRecord,
  type SavedAreaBody,
  savedAreaRecord,
  type TemplateBody,
  templateRecord,
} from './records.ts'
import { dutyScreen } from './screen.ts'

/** Not one of the things that can be done about this alarm now. */
export class DutyRefused extends MosaicError {
  override readonly name = 'DutyRefused'
  override readonly code = 'warn/duty-not-possible'
}

/** The store said no; the reason is the store's. */
export class NotKept extends MosaicError {
  override readonly name = 'NotKept'
  override readonly code = 'warn/not-kept'
}

export type Keeping = {
  readonly saveTemplate: (body: TemplateBody, by: DeskPerson, realm: Realm) => Promise<Ref>
  readonly saveArea: (body: SavedAreaBody, by: DeskPerson, realm: Realm) => Promise<Ref>
  readonly act: (order: DutyOrder, by: DeskPerson, realm: Realm) => Promise<RecordId>
}
export type DutyOrder = {
  readonly subject: RecordId
  readonly action: DutyAction
  readonly because?: string
}

export function keepingOf({ store, clock, newKey, placeOf }: DeskParts): Keeping {
  const keep = async (
    { by, realm }: { readonly by: DeskPerson; readonly realm: Realm },
    what: Pick<Parameters<typeof store.append>[0][number], 'type' | 'key' | 'body' | 'links' | 'place'>,
  ): Promise<Ref> => {
    if (by.role !== 'duty-officer') throw new DeskRefused('role-missing')
    const [appended] = await store.append([
      {
        ...what,
        realm,
        handling: deskHandling,
        producer: { kind: 'person', name: by.name, role: by.role },
        valid: { from: clock.now() },
      },
    ])
    return refOf(appended)
  }
  return {
    saveTemplate: (body, by, realm) =>
      keep({ by, realm }, { type: templateRecord.type, key: `template:${body.name}`, body }),
    saveArea: (body, by, realm) => {
      const place = placeOf?.([body.area], body.country)
      const key = `area:${body.country}:${body.name}`
      return keep({ by, realm }, { type: savedAreaRecord.type, key, body, ...(place && { place }) })
    },
    act: async ({ subject, action, because }, by, realm) => {
      const screen = await dutyScreen(store, realm, clock.now())
      const item = screen.find((one) => one.subject === subject)
      if (item === undefined || acted(item.duty, action) === undefined)
        throw new DutyRefused(`${action} is not possible for ${subject} now; look at the duty screen again.`)
      const { id } = await keep(
        { by, realm },
        {
          type: dutyActionRecord.type,
          key: newKey(),
          links: [{ type: 'about', id: subject }],
          body: {
            ...{ subject, action, by: { id: by.id, name: by.name } },
            ...(because !== undefined && { because }),
          },
        },
      )
      return id
    },
  }
}

function refOf(appended: Appended | undefined): Ref {
  if (appended?.kind === 'appended' || appended?.kind === 'unchanged') {
    const { id, version } = appended.record
    return { id, version }
  }
  throw new NotKept(`It was not kept: ${appended?.kind === 'refused' ? appended.reason.code : 'try again'}.`)
}
