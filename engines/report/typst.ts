/**
 * The layout of the PDF, in Typst (typst.app, 0.13 and later). It is the whole program, and the same for every report: what a report says
 * comes in as data (`sys.inputs.data`, JSON) and is placed as strings, which Typst never parses. So a text can hold any
 * markup, code or path, and comes out as that text. The program reads no file and takes in no package.
 */
export const typstLayout = String.raw`
#let d = json(bytes(sys.inputs.data))
#let lines(t) = t.split("\n").join(linebreak())
#let tongue(l) = {
  let parts = l.split("-")
  let code = lower(parts.first())
  if code.match(regex("^[a-z]{2,3}$")) == none { "en" } else { code }
}
#let w(x) = if "language" in x {
  text(lang: tongue(x.language), lines(x.text))
  text(size: 0.75em, fill: luma(90), " [" + x.language + "]")
} else { lines(x.text) }

#set document(
  title: d.title.text,
  date: datetime(year: d.date.at(0), month: d.date.at(1), day: d.date.at(2), hour: d.date.at(3), minute: d.date.at(4), second: d.date.at(5)),
)
#set text(
  font: "Libertinus Serif",
  fallback: false, size: 10.5pt, lang: tongue(d.language), hyphenate: false,
)
#set par(leading: 0.62em, spacing: 0.9em)
#set page(
  paper: "a4", margin: (x: 20mm, top: 22mm, bottom: 22mm),
  header: if "banner" in d { align(center, text(size: 9pt, weight: "bold", fill: rgb("#8a2a00"), d.banner.text)) },
  footer: context {
    set text(size: 7.5pt, fill: luma(90))
    grid(columns: (1fr, auto), column-gutter: 1em, d.cite, [#counter(page).display() / #counter(page).final().first()])
  },
)
#show heading.where(level: 1): set text(size: 18pt)
#show heading.where(level: 2): it => block(above: 1.5em, below: 0.7em, sticky: true, {
  text(size: 13pt, it.body)
  v(-0.5em)
  line(length: 100%, stroke: 0.4pt + luma(180))
})
#show figure.caption: it => text(size: 9pt, fill: luma(70), it.body)
#set figure(supplement: none, numbering: none, gap: 0.5em)
#show table.cell: set text(size: 9pt)

#heading(level: 1, w(d.title))
#for (i, h) in d.head.enumerate() {
  block(above: 0.4em, below: 0.4em, text(
    size: 9.5pt, weight: if i == 0 and not d.issued { "bold" } else { "regular" },
    fill: if i == 0 and not d.issued { rgb("#8a2a00") } else { luma(70) }, w(h),
  ))
}
#for s in d.sections {
  heading(level: 2, w(s.heading))
  for b in s.blocks {
    if b.kind == "paragraph" { par(w(b.words)) }
    if b.kind == "list" { list(..b.items.map(w)) }
    if b.kind == "facts" {
      grid(columns: (1fr, 2fr), row-gutter: 0.55em, column-gutter: 1em,
        ..b.rows.map(r => (text(fill: luma(70), w(r.label)), w(r.value))).flatten())
    }
    if b.kind == "table" {
      if b.caption.text != s.heading.text { block(above: 1em, below: 0.4em, text(size: 9pt, fill: luma(70), w(b.caption))) }
      table(columns: (1fr,) * b.head.len(), stroke: (x: none, y: 0.4pt + luma(190)), inset: (x: 4pt, y: 4pt),
        table.header(..b.head.map(c => strong(w(c)))), ..b.rows.flatten().map(w))
    }
    if b.kind == "figure" {
      figure(image(bytes(b.svg), format: "svg", width: 100%, alt: b.caption.text), caption: w(b.caption))
    }
  }
}
#if d.notes.len() > 0 {
  v(1em)
  line(length: 30%, stroke: 0.4pt + luma(150))
  for n in d.notes { block(text(size: 8.5pt, w(n))) }
}
`
