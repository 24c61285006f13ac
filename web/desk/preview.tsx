/** The saved draft as it would go out: the CAP message, plain text, a message of 160 characters, and as it is spoken. */
import { useQuery } from '@tanstack/react-query'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import type { DeskPreview } from '../../server/schemas/index.ts'
import { previewQuery } from '../api/desk.ts'
import { Failed, Loading } from '../app/states.tsx'
import { nameOf } from '../text/languages.ts'
import { T, useText } from '../text/use-text.tsx'

const forms = ['plain', 'short', 'spoken', 'cap'] as const

export function Preview({ id, version }: { readonly id: string; readonly version: number }) {
  const { say } = useText()
  const preview = useQuery(previewQuery(id, version))
  return (
    <section aria-labelledby="preview" data-testid="preview">
      <h2 id="preview">
        <T k="desk.preview" />
      </h2>
      {preview.isPending && <Loading />}
      {preview.isError && <Failed error={preview.error} onRetry={() => void preview.refetch()} />}
      {preview.data && (
        <>
          {!preview.data.isSendable && (
            <p className="notice">
              <T k="desk.preview.notSendable" />
            </p>
          )}
          <Tabs>
            <TabList aria-label={say('desk.preview')} className="tabs">
              {forms.map((form) => (
                <Tab key={form} id={form} className="tab" data-testid={`preview-${form}`}>
                  <T k={`desk.preview.${form}`} />
                </Tab>
              ))}
            </TabList>
            {forms.map((form) => (
              <TabPanel key={form} id={form} className="tab-panel">
                {form === 'cap' ? (
                  <pre className="raw" lang="en">
                    {preview.data.cap}
                  </pre>
                ) : (
                  preview.data.languages.map((one) => <InLanguage key={one.language} form={form} one={one} />)
                )}
              </TabPanel>
            ))}
          </Tabs>
        </>
      )}
    </section>
  )
}

type InLanguageProps = {
  readonly form: 'plain' | 'short' | 'spoken'
  readonly one: DeskPreview['languages'][number]
}

function InLanguage({ form, one: { language, plain, short, spoken } }: InLanguageProps) {
  const text = form === 'plain' ? plain : form === 'spoken' ? spoken : short.text
  return (
    <div>
      <h3 lang={language}>{nameOf(language)}</h3>
      <p className="previewed" lang={language}>
        {text}
      </p>
      {form === 'short' && (
        <p className="faint" data-testid="short-length">
          {short.length}/{short.limit} {short.encoding}
          {short.isCut && (
            <>
              {' · '}
              <T k="desk.preview.cut" />
            </>
          )}
        </p>
      )}
    </div>
  )
}
