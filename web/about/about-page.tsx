/** What this is, how to read its marks, its keys, and where its data and its programme interface are. */
import { useQuery } from '@tanstack/react-query'
import { apiDescriptionAddress, nodeQuery } from '../api/node.ts'
import { feedAddress } from '../api/warnings.ts'
import { KeyList } from '../app/keyboard.tsx'
import { ThemeChoice } from '../app/theme.tsx'
import { Intensity } from '../events/impact.tsx'
import { intensitySteps } from '../events/intensity.ts'
import { LevelTag, levels } from '../events/level.tsx'
import { Multilingual, T } from '../text/use-text.tsx'

export function AboutPage() {
  const node = useQuery(nodeQuery)
  return (
    <section className="wide prose" aria-labelledby="about-title" data-testid="about-page">
      <h1 id="about-title">
        <T k="about.title" />
      </h1>
      <p>
        <T k="about.text" />
      </p>
      <h2>
        <T k="about.colours" />
      </h2>
      <p>
        <T k="about.colours.text" />
      </p>
      <p className="row-facts">
        {[null, ...levels].map((level) => (
          <LevelTag key={level} level={level} />
        ))}
      </p>
      <h2>
        <T k="about.intensity" />
      </h2>
      <p>
        <T k="about.intensity.text" />
      </p>
      <p className="row-facts">
        {intensitySteps.map((mmi) => (
          <Intensity key={mmi} mmi={mmi} />
        ))}
      </p>
      <p>
        <T k="app.theme" /> <ThemeChoice />
      </p>
      <h2>
        <T k="about.keys" />
      </h2>
      <KeyList />
      {node.data && (
        <p className="faint">
          <Multilingual text={node.data.title} /> · {node.data.name} · {node.data.version} ·{' '}
          <a href={apiDescriptionAddress}>OpenAPI</a> ·{' '}
          <a href={feedAddress()}>
            <T k="app.feed" />
          </a>
        </p>
      )}
      <p className="faint">
        <T k="map.credit" />
      </p>
    </section>
  )
}
