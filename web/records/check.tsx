/** "Check this record": fetches its proof, checks it here in the browser, and says where it stands; or downloads it. */
import { useMutation } from '@tanstack/react-query'
import type { RecordDetail } from '../../server/schemas/index.ts'
import { Refusal } from '../access/form.tsx'
import { fetchProof, proofAddress } from '../api/records.ts'
import { T } from '../text/use-text.tsx'
import { type Checked, checkProof } from './verify.ts'

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
            <p className={isBad(data) ? 'notice loud' : 'notice'} data-testid="checked" data-kind={data.kind}>
              <strong>
                <Verdict checked={data} />
              </strong>{' '}
              {data.kind !== 'unchecked' && (
                <T k="record.check.place" index={data.index + 1} size={data.size} />
              )}
            </p>
            {data.key !== undefined && (
              <p data-testid="checked-what">
                <T k="record.check.what" vkey={data.key} />
              </p>
            )}
            <pre className="raw">{data.checkpoint}</pre>
          </>
        )}
      </output>
    </div>
  )
}

const isBad = ({ kind }: Checked): boolean => !['good', 'unsigned', 'unchecked'].includes(kind)

function Verdict({ checked: { kind, because } }: { readonly checked: Checked }) {
  if (kind === 'good') return <T k="record.check.good" />
  if (kind === 'unchecked') return <T k="record.check.noBrowser" />
  if (kind !== 'unsigned') return <T k="record.check.bad" />
  return (
    <>
      <T k="record.check.unsigned" />{' '}
      <T k={because === 'no-key' ? 'record.check.noKey' : 'record.check.noBrowser'} />
    </>
  )
}
