/** Who asks in the benches: somebody of the organisation that runs the node, cleared for everything. */
import type { Principal } from '../engines/access/index.ts'
import { nodeId } from '../engines/record/index.ts'

export const atHome: Principal = {
  kind: 'person',
  id: 'person:ana@bench.example',
  organisation: 'org-home',
  node: nodeId('bench.example'),
  standing: 'home',
  roles: ['analyst'],
  clearances: [
    { community: '*', upTo: 'TLP:RED' },
    { community: 'csirts', upTo: 'TLP:AMBER' },
  ],
  purposes: ['civil-protection', 'law-enforcement'],
  police: ['H0', 'H1'],
}
