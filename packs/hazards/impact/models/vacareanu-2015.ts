/**
 * Vacareanu, Radulian, Iancovici, Pavel & Neagu (2015), Journal of Earthquake Engineering 19, 535–562: shocks of
 * intermediate depth (60–200 km) below Vrancea, by Rhyp, for the fore-arc (Wallachia, Moldavia, northern Bulgaria; decay
 * `c6`). The back-arc (Transylvania) decays about five times as fast; taking the fore-arc everywhere overstates it there.
 * Site by Eurocode 8 class: B from 360 m/s, C below. ln of cm/s², given here in ln g.
 *
 * No reference case covers it; the table was compared in two public transcriptions, and a test holds it against the
 * record of 1977 in Bucharest.
 */
import { gravity, need, rowOf, type ShakingModel, withSpread } from './model.ts'

const vacareanuEtAl2015 = {
  PGA: {
    c1: 9.6231,
    c2: 1.4232,
    c3: -0.1555,
    c4: -1.1316,
    c6: -0.0024,
    c7: -0.0007,
    c8: -0.0835,
    c9: 0.1589,
    tau: 0.406,
    phi: 0.568,
  },
  'SA(0.3)': {
    c1: 10.7033,
    c2: 1.458,
    c3: -0.1187,
    c4: -1.234,
    c6: -0.0026,
    c7: 0,
    c8: -0.1014,
    c9: 0.2659,
    tau: 0.48,
    phi: 0.619,
  },
  'SA(1.0)': {
    c1: 8.9987,
    c2: 1.9964,
    c3: -0.2658,
    c4: -1.1226,
    c6: -0.0031,
    c7: -0.0009,
    c8: -0.2992,
    c9: 0.0739,
    tau: 0.4,
    phi: 0.592,
  },
}

export const vacareanu2015: ShakingModel = {
  name: 'VacareanuEtAl2015',
  measures: Object.keys(vacareanuEtAl2015),
  predict: (measure, scenario) => {
    const row = rowOf<(typeof vacareanuEtAl2015)['PGA']>(vacareanuEtAl2015, measure)
    const d = scenario.mag - 6
    const r = need(scenario, 'rhypo')
    const site = need(scenario, 'vs30') < 360 ? row.c9 : row.c8
    const path = row.c4 * Math.log(r) + row.c6 * r + row.c7 * need(scenario, 'hypo_depth')
    const mean = row.c1 + row.c2 * d + row.c3 * d * d + path + site
    return withSpread(mean - Math.log(100 * gravity), row.tau, row.phi)
  },
}
