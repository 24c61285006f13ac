/** Every command, in the order in which help lists them. */
import type { Command } from '../command.ts'
import { areasImport } from './areas-import.ts'
import { backup } from './backup.ts'
import { capValidate } from './cap-validate.ts'
import { checkReferenceCommand } from './check-reference.ts'
import { decide } from './decide.ts'
import { doctor } from './doctor.ts'
import { event } from './event.ts'
import { ingest } from './ingest.ts'
import { packNew } from './pack-new.ts'
import { proposals } from './proposals.ts'
import { quarantine } from './quarantine.ts'
import { records } from './records.ts'
import { replay } from './replay.ts'
import { restore } from './restore.ts'
import { sources } from './sources.ts'
import { start } from './start.ts'

export const commands: readonly Command[] = [
  start,
  replay,
  records,
  event,
  proposals,
  decide,
  sources,
  quarantine,
  ingest,
  areasImport,
  capValidate,
  checkReferenceCommand,
  backup,
  restore,
  doctor,
  packNew,
]
