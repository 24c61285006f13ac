/**
 * What people see, in a real browser against a real node: the duty officer at three in the morning, the citizen with ten
 * seconds. Every page is watched for errors on its console and for requests to any host but the node's.
 */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readCap } from '../../engines/formats/index.ts'
import { openBrowser } from '../support/browser.ts'
import { aNode, type BrowsedNode } from './a-node.ts'

let node: BrowsedNode
let browser: Browser
const faults: string[] = []
const strangers: string[] = []

beforeAll(async () => {
  ;[node, browser] = await Promise.all([aNode('--replay', 'durres-2019', '--speed', '60'), openBrowser()])
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await node?.[Symbol.asyncDispose]()
})

async function open(
  path: string,
  view: {
    readonly width?: number
    readonly height?: number
    readonly language?: string
    readonly dark?: boolean
  } = {},
): Promise<Page> {
  const { width = 1280, height = 800, language = 'en', dark = false } = view
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  await context.addInitScript((tag) => localStorage.setItem('mosaic.language', tag), language)
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(`${path}: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !isLineLost(message.text())) faults.push(`${path}: ${message.text()}`)
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== node.address) strangers.push(request.url())
  })
  await page.goto(`${node.address}${path}`)
  return page
}

/** While the node is down the browser itself notes that it cannot reach it. */
const isLineLost = (text: string): boolean =>
  /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|Failed to load resource/.test(text)

/** What a page says while it is being closed is no fault of its own. */
function close(page: Page): Promise<void> {
  page.removeAllListeners()
  return page.context().close()
}

const drawn = (page: Page) =>
  page.locator('[data-testid=map-canvas][data-ready=true]').waitFor({ timeout: 30_000 })

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id)
const byId = (page: Page, id: string) => page.getByTestId(id)

async function skipTo(step: number): Promise<void> {
  const replay = async () =>
    (await (await fetch(`${node.address}/api/v1/replay`)).json()) as { readonly step: number }
  const command = (action: string) =>
    fetch(`${node.address}/api/v1/replay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ action }),
    })
  await command('pause')
  for (let now = (await replay()).step; now < step; now = (await replay()).step) {
    await command('skip')
    await expect.poll(async () => (await replay()).step, { timeout: 10_000 }).toBeGreaterThan(now)
  }
}

describe('the duty officer', () => {
  test('sees the replay play: the list fills by itself as reports arrive', { timeout: 60_000 }, async () => {
    const page = await open('/')
    await byId(page, 'event-row').first().waitFor()
    const before = await byId(page, 'event-row').count()

    await skipTo(6)

    await expect.poll(() => byId(page, 'event-row').count(), { timeout: 15_000 }).toBeGreaterThan(before)
    await expect.poll(() => byId(page, 'event-list').innerText()).toContain('6.3')
    await close(page)
  })

  test(
    'pauses, goes on, changes the speed and takes the next report at once',
    { timeout: 60_000 },
    async () => {
      const page = await open('/')
      const toggle = byId(page, 'replay-toggle')
      await toggle.waitFor()

      await toggle.click()
      await expect.poll(() => toggle.innerText()).toMatch(/Pause/)
      await toggle.click()
      await expect.poll(() => toggle.innerText()).toMatch(/Play/)
      const step = () =>
        fetch(`${node.address}/api/v1/replay`).then(
          async (answer) => ((await answer.json()) as { step: number }).step,
        )
      const before = await step()
      await byId(page, 'replay-skip').click()

      await expect.poll(step, { timeout: 10_000 }).toBeGreaterThan(before)
      await close(page)
    },
  )

  test('sees the map drawn, with a mark where the earth shook', { timeout: 60_000 }, async () => {
    await skipTo(10)
    const page = await open('/')
    await drawn(page)

    await expect.poll(() => coloursOf(page), { timeout: 15_000 }).toBeGreaterThan(20)
    await close(page)
  })

  test(
    'reads on the event’s page who reported, why it is one event, what it means, and which warnings went out',
    { timeout: 60_000 },
    async () => {
      await skipTo(10)
      const page = await open('/')
      await byId(page, 'event-row').filter({ hasText: '6.4' }).first().click()
      await byId(page, 'observation').nth(1).waitFor()
      await byId(page, 'impact-towns').waitFor()
      await byId(page, 'warning').nth(3).waitFor()

      expect(await byId(page, 'observation').count()).toBeGreaterThanOrEqual(2)
      expect(await byId(page, 'observations').innerText()).toMatch(/EMSC[\s\S]*us|us[\s\S]*EMSC/i)
      expect(await byId(page, 'reasons').innerText()).toMatch(/km/)
      expect(await byId(page, 'impact-towns').innerText()).toContain('Durrës')
      expect(await byId(page, 'impact-assumptions').innerText()).not.toBe('')
      expect(await byId(page, 'history').innerText()).toContain('6.3')
      const countries = await byId(page, 'warning').evaluateAll((all) =>
        all.map((one) => one.getAttribute('data-country')),
      )
      expect(new Set(countries)).toEqual(new Set(['AL', 'ME', 'MK', 'XK']))
      await close(page)
    },
  )

  test(
    'reads a warning in each official language of its country, and finds the CAP message beside it',
    { timeout: 60_000 },
    async () => {
      await skipTo(10)
      const listed = await fetch(`${node.address}/api/v1/warnings?country=MK&inForce=true&limit=1`)
      const { items } = (await listed.json()) as { items: { id: string }[] }
      const page = await open(`/warnings/${items[0]?.id}`)
      await byId(page, 'language-tab').nth(2).waitFor()

      const tabs = byId(page, 'language-tab')
      const read: string[] = []
      for (let at = 0; at < (await tabs.count()); at += 1) {
        await tabs.nth(at).click()
        const text = byId(page, 'warning-text').first()
        read.push(`${await text.getAttribute('lang')}: ${await text.innerText()}`)
      }
      expect(read.map((one) => one.split(':')[0]).sort()).toEqual(['en', 'mk', 'sq'])
      expect(read.join('\n')).toMatch(/Земјотрес/i)
      expect(await byId(page, 'unreviewed').count()).toBeGreaterThan(0)
      const address = await byId(page, 'cap-xml').first().getAttribute('href')
      const cap = await fetch(new URL(address ?? '', node.address))
      expect(readCap(new Uint8Array(await cap.arrayBuffer())).verdict).toBe('clean')
      await close(page)
    },
  )

  test('looks back to what was known at 02:58, and returns to now', { timeout: 60_000 }, async () => {
    await skipTo(10)
    const page = await open(`/?at=${encodeURIComponent('2019-11-26T02:58:00.000Z')}`)

    await expect.poll(() => byId(page, 'event-list').innerText(), { timeout: 10_000 }).toContain('6.1')
    expect(await byId(page, 'event-list').innerText()).not.toContain('6.4')
    await byId(page, 'live').click()

    await expect.poll(() => byId(page, 'event-list').innerText(), { timeout: 10_000 }).toContain('6.4')
    await close(page)
  })

  test('works by keyboard alone', { timeout: 60_000 }, async () => {
    const page = await open('/')
    await byId(page, 'event-row').first().waitFor()

    await page.keyboard.press('?')
    await byId(page, 'keyboard-help').waitFor()
    await page.keyboard.press('Escape')
    await byId(page, 'keyboard-help').waitFor({ state: 'hidden' })
    await expect
      .poll(async () => {
        if ((await focused(page)) !== 'search') await page.keyboard.press('/')
        return focused(page)
      })
      .toBe('search')
    await page.keyboard.type('Albania')
    await expect.poll(() => page.url()).toContain('q=')
    await close(page)
  })

  test('sees that what could not be read is held, with its reason', { timeout: 60_000 }, async () => {
    expect(
      await node.mosaic(
        'ingest',
        '--source',
        'usgs-earthquakes',
        '--file',
        'fixtures/seismic/usgs-summary.json',
        '--realm',
        'test',
      ),
    ).toBe(0)
    const page = await open('/quarantine')

    await byId(page, 'quarantined').first().waitFor()
    expect(await byId(page, 'quarantine-page').innerText()).toMatch(/longitude|coordinates/i)
    await close(page)
  })

  test(
    'is told when the line to the node is lost, and when it is back, without a reload',
    { timeout: 90_000 },
    async () => {
      const page = await open('/')
      await page.locator('[data-testid=line][data-state=live]').waitFor()
      await drawn(page)

      await node.kill()
      await page.locator('[data-testid=line]:not([data-state=live])').waitFor({ timeout: 20_000 })
      await node.restart()

      await page.locator('[data-testid=line][data-state=live]').waitFor({ timeout: 40_000 })
      await close(page)
    },
  )
})

describe('every page', () => {
  const pages = ['/', '/warnings', '/sources', '/quarantine', '/about']

  test.each(pages)(
    '%s says that this is an exercise, has one heading of its own, and names every control',
    { timeout: 60_000 },
    async (path) => {
      const page = await open(path)
      await byId(page, 'realm-banner').waitFor()
      await page.getByRole('heading', { level: 1 }).first().waitFor()

      expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
      expect(await namelessControls(page)).toEqual([])
      await close(page)
    },
  )

  test.each(pages)('%s fits a telephone and a wall', { timeout: 60_000 }, async (path) => {
    for (const width of [360, 1920]) {
      const page = await open(path, { width, height: width === 360 ? 740 : 1080, dark: width === 1920 })
      await byId(page, 'realm-banner').waitFor()

      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
      ).toBeLessThanOrEqual(0)
      await close(page)
    }
  })

  test('speaks the reader’s language, and says so', { timeout: 60_000 }, async () => {
    for (const [language, word] of [
      ['el', /Σεισμοί|Συμβάντα|Γεγονότα/],
      ['sr-Cyrl', /Догађаји|Упозорења/],
    ] as const) {
      const page = await open('/', { language })
      await byId(page, 'realm-banner').waitFor()

      await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe(language)
      expect(await page.locator('body').innerText()).toMatch(word)
      await close(page)
    }
  })

  test('asks nothing of any host but the node, and logs no error', () => {
    expect(strangers).toEqual([])
    expect(faults).toEqual([])
  })
})

/** How many colours the drawn map shows, on a coarse grid. */
async function coloursOf(page: Page): Promise<number> {
  const shot = await byId(page, 'map').screenshot()
  const image = `data:image/png;base64,${shot.toString('base64')}`
  return page.evaluate(async (source) => {
    const picture = new Image()
    picture.src = source
    await picture.decode()
    const canvas = document.createElement('canvas')
    canvas.width = picture.width
    canvas.height = picture.height
    const context = canvas.getContext('2d')
    if (!context) return 0
    context.drawImage(picture, 0, 0)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    const seen = new Set<number>()
    for (let at = 0; at < data.length; at += 4 * 7)
      seen.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0))
    return seen.size
  }, image)
}

/** Controls that a screen reader could only call "button". */
const namelessControls = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('a[href], button, input, select, textarea, [role=button], [role=tab]')]
      .filter((one) => {
        const labels =
          'labels' in one
            ? [...((one as HTMLInputElement).labels ?? [])].map((label) => label.textContent)
            : []
        const labelled = (one.getAttribute('aria-labelledby') ?? '')
          .split(' ')
          .map((id) => document.getElementById(id)?.textContent)
        const words = [
          one.textContent,
          one.getAttribute('aria-label'),
          one.getAttribute('title'),
          ...labels,
          ...labelled,
        ]
        return one.getClientRects().length > 0 && !words.some((word) => (word ?? '').trim() !== '')
      })
      .map((one) => one.outerHTML.slice(0, 120)),
  )
