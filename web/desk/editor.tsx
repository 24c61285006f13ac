/**
 * The content of a draft, as one form that is saved whole: codes and times, areas, and a tab for each language with what
 * the checks say of it beside its words. A save names the version that it was made from; who came first, wins, and the
 * other is told.
 */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { DeskContent, DeskDraft } from '../../server/schemas/index.ts'
import { Refusal } from '../access/form.tsx'
import { CallFailed } from '../api/call.ts'
import { draftQuery, editDraft } from '../api/desk.ts'
import { T } from '../text/use-text.tsx'
import { AreasEditor } from './areas.tsx'
import { CodesAndTimes } from './codes.tsx'
import { contentOf } from './content.ts'
import { LanguageTabs } from './words.tsx'

type EditorProps = { readonly draft: DeskDraft; readonly mayEdit: boolean }

export function Editor({ draft, mayEdit }: EditorProps) {
  const [content, setContent] = useState(() => contentOf(draft))
  const [basedOn, setBasedOn] = useState(draft.version)
  const isTouched = JSON.stringify(content) !== JSON.stringify(contentOf(draft))
  const queries = useQueryClient()
  const take = (newer: DeskDraft): void => {
    setContent(contentOf(newer))
    setBasedOn(newer.version)
  }
  const saving = useMutation({
    mutationFn: () => editDraft(draft.id, basedOn, content),
    onSuccess: (saved) => {
      if ('content' in saved) take(saved)
      return queries.invalidateQueries({ queryKey: ['desk'] })
    },
  })
  // Somebody else's version is taken in only where nothing of one's own would be lost.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a newer version asks the question
  useEffect(() => {
    if (draft.version !== basedOn && (!isTouched || saving.isSuccess)) take(draft)
  }, [draft.version])
  useLeaveWarning(mayEdit && isTouched)
  const isOutrun =
    draft.version !== basedOn || (saving.error instanceof CallFailed && saving.error.status === 409)

  return (
    <form
      className="draft"
      data-testid="editor"
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate()
      }}
    >
      <fieldset disabled={!mayEdit}>
        <CodesAndTimes content={content} onChange={setContent} />
        <AreasEditor content={content} onChange={setContent} />
        <LanguageTabs draft={draft} content={content} onChange={setContent} />
      </fieldset>
      {isOutrun && (
        <p className="notice loud" role="alert">
          <T k="desk.newer" />{' '}
          <button
            type="button"
            onClick={async () => {
              const newer = await queries.fetchQuery({ ...draftQuery(draft.id), staleTime: 0 })
              saving.reset()
              take(newer)
            }}
          >
            <T k="desk.reload" />
          </button>
        </p>
      )}
      {!isOutrun && <Refusal error={saving.error} />}
      {mayEdit && (
        <p className="buttons">
          <button
            type="submit"
            className="primary"
            disabled={!isTouched || saving.isPending}
            data-testid="save"
          >
            <T k="desk.save" />
          </button>
          <output>
            {isTouched ? <T k="desk.unsaved" /> : saving.isSuccess && <T k="desk.saved" version={basedOn} />}
          </output>
        </p>
      )}
    </form>
  )
}

export type ContentProps = {
  readonly content: DeskContent
  readonly onChange: (content: DeskContent) => void
}

/** The browser asks before a page with unsaved words is left. */
function useLeaveWarning(isTouched: boolean): void {
  useEffect(() => {
    if (!isTouched) return
    const ask = (leaving: BeforeUnloadEvent): void => leaving.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isTouched])
}
