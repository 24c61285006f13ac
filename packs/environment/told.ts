/** What of any record that states tell each other runs a clock: a limit exceeded, a report of an accident, an alarm. */
import type { Held } from '../../engines/record/index.ts'
import { forms, type ReportBody, typeOfForm } from './accidents/records.ts'
import type { Told } from './addressed.ts'
import type { AlarmBody } from './alarm/records.ts'
import { alarmRecord } from './alarm/records.ts'
import { toldOfAlarm } from './alarm/sequence.ts'
import { type NotificationBody, notificationRecord } from './records.ts'

const reportTypes: ReadonlySet<string> = new Set(forms.map(typeOfForm))

/** Types of records that are told and answered. */
export const toldTypes: readonly string[] = [notificationRecord.type, alarmRecord.type, ...reportTypes]

export const toldOfNotification = ({ record }: Held<NotificationBody>): Told => {
  const { to, nodes = [], openedAt, dueAt } = record.body
  return { record, openedAt, addressees: [{ contact: to, country: to, nodes: [...nodes], dueAt }] }
}

/** Undefined: nothing that is answered. */
export function toldOf(held: Held): Told | undefined {
  const { type } = held.record
  if (type === notificationRecord.type) return toldOfNotification(held as Held<NotificationBody>)
  if (type === alarmRecord.type) return toldOfAlarm(held as Held<AlarmBody>)
  if (!reportTypes.has(type)) return undefined
  const { sentAt, addressees } = held.record.body as ReportBody
  return { record: held.record, openedAt: sentAt, addressees }
}
