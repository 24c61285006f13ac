/** Scores as the web shows them. What the engine calls a matter is a hazard to whoever reads. */
import {
  groupedBy,
  groupings,
  type ScoreBody,
  type ScoreSummary,
  summarise,
} from '../../engines/assess/index.ts'
import type { Held } from '../../engines/record/index.ts'
import type { ScoreDetail, ScoreFigures, ScoreGroups, ScoreSummaryView } from '../schemas/index.ts'

export type HeldScore = Held<ScoreBody>

export function scoreSummary({ record, receivedAt }: HeldScore): ScoreSummaryView {
  const { body, id, version, realm, valid } = record
  const { warning } = body
  return {
    id,
    version,
    realm,
    receivedAt,
    rule: body.rule,
    outcome: body.outcome,
    hazard: body.matter,
    issuer: body.issuer,
    standing: body.standing,
    countries: [...body.countries],
    isCounted: body.isCounted,
    ...(warning && { issuedAt: warning.issuedAt, level: warning.level, warning: refOf(warning) }),
    from: valid.from,
    ...(valid.until && { until: valid.until }),
    ...(body.leadTimeS === undefined ? {} : { leadTimeS: body.leadTimeS }),
    ...(body.area && { threatScore: body.area.threatScore }),
    ...(body.probability === undefined ? {} : { probability: body.probability }),
    ...(body.brier === undefined ? {} : { brier: body.brier }),
  }
}

const refOf = ({ id, version, type }: ScoreBody['evidence'][number]): ScoreDetail['evidence'][number] => ({
  id,
  version,
  type,
})

export function scoreDetail(score: HeldScore): ScoreDetail {
  const { because, observed, evidence, area, tolerance, assumptions, warning } = score.record.body
  return {
    ...scoreSummary(score),
    because: because.map((one) => ({ ...one })),
    observed: observed.map((one) => ({ ...one, by: [...one.by] })),
    evidence: evidence.map(refOf),
    ...(area && { area }),
    ...(warning?.certainty === undefined ? {} : { certainty: warning.certainty }),
    tolerance,
    assumptions: [...assumptions],
  }
}

/** All, and each group, of warnings; advice to authorities is a group of its own. */
export function scoreGroups(scores: readonly HeldScore[], isWhole: boolean): ScoreGroups {
  const bodies = scores.map(({ record }) => record.body)
  const warnings = bodies.filter(({ standing }) => standing === 'warning')
  const titles = new Map(bodies.map(({ issuer }) => [issuer.id, issuer.name]))
  return {
    all: figuresOf(summarise(warnings)),
    groups: groupings.flatMap((by) =>
      groupedBy(by === 'standing' ? bodies : warnings, by).map(({ name, summary }) => {
        const title = by === 'issuer' ? titles.get(name) : undefined
        return {
          by: by === 'matter' ? 'hazard' : by,
          name,
          ...(title === undefined ? {} : { title }),
          figures: figuresOf(summary),
        }
      }),
    ),
    isWhole,
  }
}

const figuresOf = ({ certainty, probability, ...figures }: ScoreSummary): ScoreFigures => ({
  ...figures,
  ...(probability && { probability: { ...probability, bins: probability.bins.map((bin) => ({ ...bin })) } }),
  certainty: certainty.map((one) => ({ ...one })),
})
