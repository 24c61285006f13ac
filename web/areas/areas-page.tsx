/** Work for whoever keeps the register of areas: codes that warnings name and that have no shape here. */
import { useQuery } from '@tanstack/react-query'
import type { MissingAreas } from '../../server/schemas/index.ts'
import { missingAreasQuery } from '../api/areas.ts'
import { useCountries } from '../app/countries.ts'
import { Failed, Loading, Nothing } from '../app/states.tsx'
import { useView } from '../app/view.ts'
import { When } from '../app/when.tsx'
import { Multilingual, T } from '../text/use-text.tsx'

type Missing = MissingAreas['items'][number]

export function AreasPage() {
  const missing = useQuery(missingAreasQuery(useView()))
  const items = missing.data?.items ?? []
  return (
    <section className="wide" aria-labelledby="areas-title" data-testid="areas-page">
      <h1 id="areas-title">
        <T k="areas.title" />
      </h1>
      <p>
        <T k="areas.text" />
      </p>
      {missing.isPending && <Loading />}
      {missing.isError && !missing.data && (
        <Failed error={missing.error} onRetry={() => void missing.refetch()} />
      )}
      {missing.isSuccess && items.length === 0 && <Nothing title={<T k="areas.empty" />}>{null}</Nothing>}
      {items.length > 0 && (
        <div className="scroll">
          <table className="figures" data-testid="areas-missing">
            <thead>
              <tr>
                <th scope="col">
                  <T k="areas.code" />
                </th>
                <th scope="col">
                  <T k="areas.stands" />
                </th>
                <th scope="col">
                  <T k="areas.warnings" />
                </th>
                <th scope="col">
                  <T k="notice.until" />
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <MissingRow key={`${one.scheme}:${one.code}:${one.reason}`} missing={one} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <pre>mosaic areas import FILE --scheme EMMA_ID --from YYYY-MM-DD</pre>
    </section>
  )
}

function MissingRow({ missing }: { readonly missing: Missing }) {
  const { nameOf } = useCountries()
  const { scheme, code, country, edition, notices, authorities, until, called } = missing
  return (
    <tr data-testid="missing-area">
      <th scope="row">
        <code>
          {scheme} {code}
        </code>{' '}
        <Multilingual text={called} />
      </th>
      <td>{country !== undefined ? nameOf(country) : (edition ?? <T k="areas.nothing" />)}</td>
      <td>
        {notices} <small>{authorities.join(', ')}</small>
      </td>
      <td>
        <When at={until} />
      </td>
    </tr>
  )
}
