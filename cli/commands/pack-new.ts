import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, Misused } from '../command.ts'

export const packNew: Command = {
  name: 'pack new',
  summary: 'Make a pack that passes its tests.',
  teaches: [
    'Writes packs/NAME: a record type, a source with its decoder, a small payload, a fusion rule, texts, tests, a README and',
    'the house rules as a checklist. Then say in node.ts that the node has it.',
    '',
    'Example: mosaic pack new floods',
  ].join('\n'),
  arguments: 'NAME',
  takes: [1, 1],
  options: {
    into: { type: 'string', value: 'FOLDER', help: 'where packs stand (default: packs of this checkout)' },
  },
  run: async ({ positionals, values, json, out }) => {
    const name = positionals[0] ?? ''
    if (!/^[a-z][a-z0-9-]{1,30}$/.test(name))
      throw new Misused('A pack name is lower-case letters, digits and hyphens, for example floods.')
    const packs =
      typeof values['into'] === 'string'
        ? values['into']
        : fileURLToPath(new URL('../../packs', import.meta.url))
    const folder = join(packs, name)
    if (existsSync(folder)) {
      out.say(`${folder} is already there; choose another name or take that one further.`)
      return 1
    }
    for (const path of await templateFiles()) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), named(await readFile(join(template, path), 'utf8'), name))
      if (json) out.object({ file: join(folder, path) })
      else out.line(join(folder, path))
    }
    out.say(`Add \`${name}\` to the list of packs in node.ts, then run: npx vitest run packs/${name}`)
    return 0
  },
}

/** A real pack, checked and tested where it stands; only its name changes on the way. */
const template = fileURLToPath(new URL('../pack-template', import.meta.url))

async function templateFiles(): Promise<readonly string[]> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(template, join(parentPath, name)))
}

function named(content: string, name: string): string {
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const pascal = `${camel[0]?.toUpperCase()}${camel.slice(1)}`
  return content
    .replaceAll('../../packs/pack.ts', '../pack.ts')
    .replace(/\bexample(?=[A-Z])|\bexample\b(?= =|,| })/g, camel)
    .replaceAll('Example', pascal)
    .replace(/\bexample\b(?!\.org)/g, name)
}
