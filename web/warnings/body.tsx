/**
 * A warning in full: a tab per language (each text carries its own `lang`), whether a person has reviewed the text, what
 * to do, and the facts of the CAP message in CAP's own words.
 */

import { Link } from '@tanstack/react-router'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { WarningDetail } from '../../server/schemas/index.ts'
import { capAddress } from '../api/warnings.ts'
import { Icon } from '../app/icon.tsx'
import { When } from '../app/when.tsx'
import { BecauseList } from '../events/proposals.tsx'
import { directionOf, nameOf, supported } from '../text/languages.ts'
import { Multilingual, T, useText } from '../text/use-text.tsx'

type Info = WarningDetail['infos'][number]

export function WarningBody({ warning }: { readonly warning: WarningDetail }) {
  return (
    <div className="warning-body" data-testid="warning-body">
      <WarningLanguages infos={warning.infos} />
      <WarningFacts warning={warning} />
      <p className="links">
        <a href={capAddress(warning.id)} data-testid="cap-xml">
          <T k="warning.cap" />
        </a>
        {warning.event && (
          <Link to="/events/$id" params={{ id: warning.event }}>
            <T k="nav.events" />
          </Link>
        )}
      </p>
    </div>
  )
}

function WarningLanguages({ infos }: { readonly infos: readonly Info[] }) {
  const { say, language } = useText()
  const own = infos.find((info) => supported(info.language) === language) ?? infos[0]
  if (!own) return null
  return (
    <Tabs defaultSelectedKey={own.language}>
      <TabList aria-label={say('warning.languages')} className="tabs">
        {infos.map((info) => (
          <Tab key={info.language} id={info.language} className="tab" data-testid="language-tab">
            <span lang={info.language}>{nameOf(info.language)}</span>
            {info.isUnreviewed && (
              <span className="tab-mark" title={say('warning.unreviewed')}>
                {' '}
                <Icon name="caution" />
              </span>
            )}
          </Tab>
        ))}
      </TabList>
      {infos.map((info) => (
        <TabPanel key={info.language} id={info.language} className="tab-panel">
          {info.isUnreviewed && (
            <p className="unreviewed" data-testid="unreviewed">
              <T k="warning.unreviewed" />
            </p>
          )}
          <div lang={info.language} dir={directionOf(info.language)} data-testid="warning-text">
            <h3>{info.headline ?? info.event}</h3>
            <p className="warning-description">{info.description}</p>
            {info.instruction && <p className="warning-instruction">{info.instruction}</p>}
          </div>
        </TabPanel>
      ))}
    </Tabs>
  )
}

function WarningFacts({ warning }: { readonly warning: WarningDetail }) {
  return (
    <dl className="facts">
      <dt>
        <T k="warning.sent" />
      </dt>
      <dd>
        <When at={warning.sent} />
        {warning.expires && (
          <>
            {' – '}
            <When at={warning.expires} />
          </>
        )}
      </dd>
      <dt>
        <T k="warning.sender" />
      </dt>
      <dd>
        {warning.senderName ? `${warning.senderName} (${warning.sender})` : warning.sender}
        {warning.mandate && <small className="faint"> {warning.mandate}</small>}
      </dd>
      <dt lang="en">CAP 1.2</dt>
      <dd lang="en">
        {[warning.status, warning.msgType, warning.severity, warning.urgency, warning.certainty].join(' · ')}
      </dd>
      <dt>
        <T k="warning.areas" />
      </dt>
      <dd>
        <ul className="plain">
          {warning.areas.map((area, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: areas of a frozen message never move
            <li key={place}>
              <Multilingual text={area.desc} />
              {area.geocodes.length > 0 && (
                <small className="faint">
                  {' '}
                  {area.geocodes.map(({ scheme, code }) => `${scheme} ${code}`).join(', ')}
                </small>
              )}
            </li>
          ))}
        </ul>
      </dd>
      {warning.references.length > 0 && (
        <>
          <dt>
            <T k="warning.references" />
          </dt>
          <dd>
            <ul className="plain breakable">
              {warning.references.map(({ identifier, id }) => (
                <li key={identifier}>
                  {id ? (
                    <Link to="/warnings/$warningId" params={{ warningId: id }}>
                      {identifier}
                    </Link>
                  ) : (
                    identifier
                  )}
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      {warning.because.length > 0 && (
        <>
          <dt>
            <T k="warning.because" />
          </dt>
          <dd>
            <BecauseList because={warning.because} />
          </dd>
        </>
      )}
    </dl>
  )
}
