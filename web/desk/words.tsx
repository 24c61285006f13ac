/** The words of the warning, a tab for each language of the country, with what the checks say of them. */
import { useId } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { DeskDraft } from '../../server/schemas/index.ts'
import { Icon } from '../app/icon.tsx'
import { directionOf, nameOf } from '../text/languages.ts'
import { T, useText } from '../text/use-text.tsx'
import type { Words } from './content.ts'
import type { ContentProps } from './editor.tsx'
import { FindingList } from './findings.tsx'

type WordsProps = ContentProps & { readonly draft: DeskDraft }

const empty: Words = { event: '', headline: '', description: '', instruction: '', isReviewed: false }

export function LanguageTabs({ draft, content, onChange }: WordsProps) {
  const { say } = useText()
  const languages = [...new Set([...draft.languages, ...Object.keys(content.texts)])]
  const [first] = languages
  if (first === undefined) return null
  return (
    <section aria-labelledby="words">
      <h2 id="words">
        <T k="desk.texts" />
      </h2>
      <Tabs defaultSelectedKey={first}>
        <TabList aria-label={say('warning.languages')} className="tabs">
          {languages.map((language) => (
            <Tab key={language} id={language} className="tab" data-testid="desk-language">
              <span lang={language}>{nameOf(language)}</span>
              {findingsOf(draft, language).some(({ level }) => level === 'error') && (
                <span className="tab-mark" title={say('desk.finding.error')}>
                  {' '}
                  <Icon name="caution" />
                </span>
              )}
            </Tab>
          ))}
        </TabList>
        {languages.map((language) => (
          <TabPanel key={language} id={language} className="tab-panel">
            <OneLanguage language={language} draft={draft} content={content} onChange={onChange} />
          </TabPanel>
        ))}
      </Tabs>
    </section>
  )
}

const findingsOf = ({ findings }: DeskDraft, language: string) =>
  findings.filter(({ place }) => place.split('/')[1] === 'texts' && place.split('/')[2] === language)

function OneLanguage({ language, draft, content, onChange }: WordsProps & { readonly language: string }) {
  const words = content.texts[language] ?? empty
  const reviewed = draft.content.texts[language]?.reviewed
  const change = (part: Partial<Words>): void =>
    onChange({ ...content, texts: { ...content.texts, [language]: { ...words, ...part } } })
  return (
    <div className="words">
      <div className="form">
        <Text language={language} name="event" words={words} onChange={change} rows={1} most={35} />
        <Text language={language} name="headline" words={words} onChange={change} rows={2} most={140} />
        <Text language={language} name="description" words={words} onChange={change} rows={6} />
        <Text language={language} name="instruction" words={words} onChange={change} rows={4} />
        {content.areas.map((area, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: areas have no name of their own
          <label key={at} className="choice">
            <span>
              <T k="desk.area.name" /> {at + 1}
            </span>
            <input
              lang={language}
              value={area.desc[language] ?? ''}
              onChange={({ target }) =>
                onChange({
                  ...content,
                  areas: content.areas.map((one, index) =>
                    index === at ? { ...one, desc: { ...one.desc, [language]: target.value } } : one,
                  ),
                })
              }
            />
          </label>
        ))}
        <label className="check">
          <input
            type="checkbox"
            checked={words.isReviewed}
            onChange={({ target }) => change({ isReviewed: target.checked })}
          />
          <T k="desk.reviewed" />
        </label>
        {reviewed && (
          <p className="faint">
            <T k="desk.reviewedBy" name={reviewed.by} date={reviewed.on.slice(0, 10)} />
          </p>
        )}
      </div>
      <aside data-testid="language-findings">
        <FindingList findings={findingsOf(draft, language)} />
      </aside>
    </div>
  )
}

type TextProps = {
  readonly language: string
  readonly name: 'event' | 'headline' | 'description' | 'instruction'
  readonly words: Words
  readonly onChange: (part: Partial<Words>) => void
  readonly rows: number
  /** Beyond it the regions' screens and messages cut. */
  readonly most?: number
}

function Text({ language, name, words, onChange, rows, most }: TextProps) {
  const id = useId()
  const length = [...words[name]].length
  return (
    <div className="choice">
      <label htmlFor={id}>
        <T k={`desk.text.${name}`} />{' '}
        {most !== undefined && (
          <small className="faint" data-over={length > most || undefined}>
            {length}/{most}
          </small>
        )}
      </label>
      <textarea
        id={id}
        lang={language}
        dir={directionOf(language)}
        rows={rows}
        data-testid={`text-${name}`}
        value={words[name]}
        // What was read is no longer what stands there.
        onChange={({ target }) => onChange({ [name]: target.value, isReviewed: false })}
      />
    </div>
  )
}
