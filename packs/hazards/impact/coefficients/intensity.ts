/**
 * Published coefficients, by intensity measure. Allen, Wald & Worden (2012), Journal of Seismology 16, 409–433; Faccioli & Cauzzi (2006); Bindi et al. (2011), Geophysical Journal International 187, 327–337; Baumont et al. (2018), Bulletin of Earthquake Engineering 16.
 */
export const allenEtAl2012 = {
  MMI: { c0: 3.95, c1: 0.913, c2: -1.107, c3: 0.813, s1: 0.72, s2: 0.23, s3: 44.7 },
}

export const allenEtAl2012Rhypo = {
  MMI: {
    c0: 2.085,
    c1: 1.428,
    c2: -1.402,
    c3: 0,
    c4: 0.078,
    m1: -0.209,
    m2: 2.042,
    s1: 0.82,
    s2: 0.37,
    s3: 22.9,
  },
}

export const faccioliCauzzi2006 = {
  MMI: { c1: 1.0157, c2: 1.2566, c3: -0.6547, h: 2, sigma: 0.5344 },
}

export const bindiEtAl2011Repi = {
  MMI: { a1: 0.898, a2: 1.215, a3: 1.809, a4: 0.003447, sigma: 0.737 },
}

export const bindiEtAl2011RepiFixedH = {
  MMI: { a1: 1.049, a2: 0.686, a3: 2.706, a4: 0.0001811, sigma: 0.689 },
}

export const baumontEtAl2018High2210IAVGDC30n7 = {
  MMI: { c1: 2.4, c2: 1.301, beta: -2.544, gamma: -0.00514, we: 0.227, be: 0.373 },
}
