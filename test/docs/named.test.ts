import { describe, expect, test } from 'vitest'
import { commands } from '../../cli/commands/index.ts'
import { packs, regions } from '../../node.ts'
import { capRuleTable } from './cap-rules.ts'
import { contentOf, documents, filesOf } from './markdown.ts'

const all = documents.map(({ text }) => text).join('\n')
const missingIn = (text: string, names: readonly string[]): readonly string[] =>
  [...new Set(names)].filter((name) => !text.includes(name))

const sources = filesOf('{engines,packs,cli,server}/**/*.ts', 'node.ts').filter(
  (file) => !/\.test\.ts$|test-support|\/builders\.ts$|pack-template/.test(file),
)
const code = sources.map(contentOf).join('\n')
const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, name = '']) => name)

describe('the documents name', () => {
  test('every setting of the environment, and every key of mosaic.json', () => {
    const settings = contentOf('cli/settings.ts')
    const operations = contentOf('docs/operations.md')
    const schemas = settings.slice(settings.indexOf('const IssueRuleSchema'), settings.indexOf('const check'))
    const keys = found(schemas, /^\s+([a-zA-Z]+): (?:Type\.|text)/gm)
    const environment = found(settings, /env\['([A-Z_]+)'\]/g)

    expect(Math.min(keys.length, environment.length)).toBeGreaterThan(5)
    expect(
      missingIn(
        operations,
        [...environment, ...keys].map((name) => `\`${name}\``),
      ),
    ).toEqual([])
  })

  test('every command and option', () => {
    const options = commands.flatMap((command) => Object.keys(command.options).map((name) => `--${name}`))
    const names = commands.map(({ name }) => `\`${name}\``)

    expect(missingIn(contentOf('cli/README.md'), [...names, ...options])).toEqual([])
  })

  test('every error code and every rule', () => {
    const isNoCode =
      /^(application|image|typebox)\/|^text\/(plain|event-stream|html|xml|csv)|^warn\/(issue|resolve|report)$|^store\/timers$|^(ug|mg|ng|l|m|km)\/(m3|l|s|h)$/
    const names = found(code, /'([a-z]+\/[a-z0-9-]+)'/g).filter((name) => !isNoCode.test(name))
    const where = contentOf('docs/errors.md') + contentOf('docs/interop.md')

    expect(names.length).toBeGreaterThan(150)
    expect(
      missingIn(
        where,
        names.map((name) => `\`${name}\``),
      ),
    ).toEqual([])
  })

  test('every rule that a CAP message is held to, with its clause, as the code has it', () => {
    expect(contentOf('docs/interop.md')).toContain(capRuleTable())
  })

  test('every address of the HTTP face', () => {
    const routes = found(code, /\bapp\.(?:get|post|put|delete)\(\s*['"`]([^'"`]+)['"`]/g)
    const paths = routes
      .map((path) => path.replace('$' + '{prefix}', '/api/v1'))
      .filter((path) => path !== '/*')

    expect(paths.length).toBeGreaterThan(15)
    expect(missingIn(contentOf('server/README.md'), paths)).toEqual([])
  })

  test('every engine, pack and region', () => {
    const engines = new Set(sources.flatMap((file) => /^engines\/([^/]+)\//.exec(file)?.[1] ?? []))

    expect(
      missingIn(
        contentOf('engines/README.md'),
        [...engines].map((one) => `[${one}]`),
      ),
    ).toEqual([])
    expect(
      missingIn(
        contentOf('packs/README.md'),
        packs.map(({ name }) => `[${name}]`),
      ),
    ).toEqual([])
    expect(
      missingIn(
        all,
        Object.keys(regions).map((id) => `regions/${id}`),
      ),
    ).toEqual([])
  })
})
