/** Every command, in the order in which help lists them. */
import type { Command } from '../command.ts'
import { airQuality } from './air-quality.ts'
import { alarmEnd, alarmRaise } from './alarms.ts'
import { areasCheck, areasList, areasMissing, areasShow } from './areas.ts'
import { areasImport } from './areas-import.ts'
import { ask } from './ask.ts'
import { audit, auditFigures, auditVerify } from './audit.ts'
import { backup } from './backup.ts'
import { breakGlass } from './break-glass.ts'
import { capValidate } from './cap-validate.ts'
import { checkReferenceCommand } from './check-reference.ts'
import { consent } from './consent.ts'
import { contactSet } from './contact-set.ts'
import { correction } from './correction.ts'
import { decide } from './decide.ts'
import { deskList, deskPreview, deskShow } from './desk-list.ts'
import { deskApprove, deskIssue, deskReturn, deskSubmit, deskWithdraw } from './desk-steps.ts'
import { deskCancel, deskEdit, deskNew, deskUpdate } from './desk-write.ts'
import { doctor } from './doctor.ts'
import { event } from './event.ts'
import { explainAccess, principalByLogin } from './explain-access.ts'
import { exportCommand } from './export.ts'
import { fireWeather } from './fire-weather.ts'
import { contactTests, formAnswer, formDraft, formSend } from './forms.ts'
import { contactList, inbox } from './inbox.ts'
import { ingest } from './ingest.ts'
import { keys } from './keys.ts'
import { keysHandOver } from './keys-hand-over.ts'
import { keysRecover } from './keys-recover.ts'
import { keysRevoke } from './keys-revoke.ts'
import { keysRotate } from './keys-rotate.ts'
import { keysEscrow, keysSplit } from './keys-split.ts'
import { limitAgree, limitList } from './limits.ts'
import { log } from './log.ts'
import { logExport } from './log-export.ts'
import { logResume } from './log-resume.ts'
import { looks } from './looks.ts'
import { notificationAcknowledge, notificationList } from './notifications.ts'
import { orgAdd } from './org-add.ts'
import { orgList } from './org-list.ts'
import { packNew } from './pack-new.ts'
import { peerAdd } from './peer-add.ts'
import { peerDeliveries } from './peer-deliveries.ts'
import { peerList } from './peer-list.ts'
import { peerOrigin, peerOrigins } from './peer-origin.ts'
import { peerPair } from './peer-pair.ts'
import { peerRules } from './peer-rules.ts'
import { peerShow } from './peer-show.ts'
import { peerRemove, peerResume, peerSuspend } from './peer-state.ts'
import { peerStatus } from './peer-status.ts'
import { processing } from './processing.ts'
import { proposals } from './proposals.ts'
import { quarantine } from './quarantine.ts'
import { quarantineDiscard, quarantineSenders } from './quarantine-senders.ts'
import { quota } from './quota.ts'
import { readingsImport } from './readings-import.ts'
import { recall } from './recall.ts'
import { recalls } from './recalls.ts'
import { records } from './records.ts'
import { relabel } from './relabel.ts'
import { release } from './release.ts'
import { releases } from './releases.ts'
import { replay } from './replay.ts'
import { reportDraft } from './report-draft.ts'
import { reportEdit, reportIssue } from './report-edit.ts'
import { reportExport } from './report-export.ts'
import { reportList, reportShow } from './report-list.ts'
import { restore } from './restore.ts'
import { retention } from './retention.ts'
import { returnPeriodsCommand } from './return-periods.ts'
import { scores } from './scores.ts'
import { sources } from './sources.ts'
import { start } from './start.ts'
import { subjectAccessCommand } from './subject-access.ts'
import { successions } from './successions.ts'
import { supersede } from './supersede.ts'
import { tokenAdd } from './token-add.ts'
import { tokenList } from './token-list.ts'
import { tokenRevoke } from './token-revoke.ts'
import { userAdd } from './user-add.ts'
import { userGrant } from './user-grant.ts'
import { userList } from './user-list.ts'
import { userReset } from './user-reset.ts'
import { userShow } from './user-show.ts'
import { userDisable, userEnable } from './user-state.ts'
import { verify } from './verify.ts'

export const commands: readonly Command[] = [
  start,
  replay,
  records,
  event,
  proposals,
  decide,
  deskList,
  deskShow,
  deskNew,
  deskEdit,
  deskSubmit,
  deskApprove,
  deskReturn,
  deskIssue,
  deskUpdate,
  deskCancel,
  deskWithdraw,
  deskPreview,
  sources,
  quarantine,
  quarantineSenders,
  quarantineDiscard,
  ingest,
  readingsImport,
  returnPeriodsCommand,
  airQuality,
  scores,
  fireWeather,
  limitList,
  limitAgree,
  notificationList,
  notificationAcknowledge,
  inbox,
  formDraft,
  formSend,
  formAnswer,
  alarmRaise,
  alarmEnd,
  contactList,
  contactSet,
  contactTests,
  reportDraft,
  reportList,
  reportShow,
  reportEdit,
  reportIssue,
  reportExport,
  userAdd,
  userList,
  userShow,
  userGrant,
  userDisable,
  userEnable,
  userReset,
  orgAdd,
  orgList,
  tokenAdd,
  tokenList,
  tokenRevoke,
  peerAdd,
  peerPair,
  peerList,
  peerStatus,
  peerShow,
  peerRules,
  peerDeliveries,
  peerSuspend,
  peerResume,
  peerRemove,
  peerOrigins,
  peerOrigin,
  ask,
  recall,
  relabel,
  recalls,
  release,
  releases,
  consent,
  explainAccess(principalByLogin),
  verify,
  log,
  logExport,
  logResume,
  keys,
  keysRotate,
  keysRevoke,
  keysSplit,
  keysEscrow,
  keysRecover,
  keysHandOver,
  successions,
  supersede,
  audit,
  auditVerify,
  auditFigures,
  looks,
  quota,
  breakGlass,
  retention,
  subjectAccessCommand,
  correction,
  processing,
  areasImport,
  areasList,
  areasShow,
  areasMissing,
  areasCheck,
  capValidate,
  checkReferenceCommand,
  exportCommand,
  backup,
  restore,
  doctor,
  packNew,
]
