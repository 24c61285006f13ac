import type { Command } from '../command.ts'
import { peerList } from './peer-list.ts'

/** The same list, under the word that who watches a node looks for. */
export const peerStatus: Command = {
  ...peerList,
  name: 'peer status',
  summary: 'Say how it stands with each peer: state, last contact, last error, received, refused.',
  teaches: peerList.teaches.replace('mosaic peer list --json', 'mosaic peer status --json'),
}
