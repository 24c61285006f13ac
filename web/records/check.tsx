/** "Check this record": fetches its proof, checks it here in the browser, and says where it stands; or downloads it. */
import { useMutation } from '@tanstack/react-query'
import type { RecordDetail } from '../../server/schemas/index.ts'
import { Refusal } from '../access/form.tsx'
import { fetchProof, proofAddress } from '../api/records.ts'
import { T } from '../text/use-text.tsx'
import { checkProof } from './verify.ts'

export function Check({ record: { id, version } }: { readonly record: RecordDetail }) {
  const checking = useMutation({ mutationFn: async () => checkProof(await fetchProof(id, version), id) })
  const { data } = checking
  return (
    <div data-testid="check">
      <p className="buttons">
        <button type="button" onClick={() => checking.mutate()} disabled={checking.isPending}>
          <T k="record.check" />
        </button>
        <a href={proofAddress(id, version)} download={`${id}-${version}-proof.json`}>
          <T k="record.proof" />
        </a>
      </p>
      <Refusal error={checking.error} />
      <output>
        {data && (
          <>
            <p className="notice" data-testid="checked" data-kind={data.kind}>
              <strong>
                <T k={data.kind === 'good' ? 'record.check.good' : 'record.check.bad'} />
              </strong>{' '}
              <T k="record.check.place" index={data.index} size={data.size} />
            </p>
            <pre className="raw">{data.checkpoint}</pre>
          </>
        )}
      </output>
    </div>
  )
}
