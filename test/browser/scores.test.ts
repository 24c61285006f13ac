/** How warnings did, as anybody sees it: counted, plotted, each by itself, at the width of a telephone too. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlayedNode, type PlayedNode, silent } from '../../server/builders.ts'
import { type RunningServer, startServer } from '../../server/index.ts'
import { openBrowser } from '../support/browser.ts'

const realm = 'exercise:balkan-floods-2014'
let played: PlayedNode
let server: RunningServer
let browser: Browser
const faults: string[] = []

beforeAll(async () => {
  ;[played, browser] = await Promise.all([aPlayedNode({ scenario: 'balkan-floods-2014' }), openBrowser()])
  const { node, replay } = played
  server = await startServer({ node, replay, host: '127.0.0.1', port: 0, log: silent })
}, 120_000)

afterAll(async () => {
  await browser?.close()
  await server?.[Symbol.asyncDispose]()
  await played?.[Symbol.asyncDispose]()
})

async function open(width: number, language = 'en'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' })
  await context.addInitScript((tag) => localStorage.setItem('mosaic.language', tag), language)
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(`${server.address}/scores?realm=${encodeURIComponent(realm)}`)
  await page.getByTestId('score-figures').waitFor()
  return page
}

describe('the page of scores', () => {
  test('says what became of each warning, counts per issuer, and draws what the figures say', async () => {
    const page = await open(1280)

    await page.getByTestId('lead-times').waitFor()
    expect(await page.getByTestId('scores-by-issuer').locator('tbody tr').count()).toBe(4)
    expect(await page.getByTestId('score').first().textContent()).toMatch(/Hit|False alarm|Not verifiable/)
    expect(await page.getByTestId('lead-times').getAttribute('aria-label')).toMatch(/^Lead time: .*54/)
    expect(await page.title()).toContain('How warnings did')
    if (process.env.MOSAIC_SCREENSHOTS)
      await page.screenshot({ path: `${process.env.MOSAIC_SCREENSHOTS}/scores.png`, fullPage: true })
    await page.context().close()
    expect(faults).toEqual([])
  })

  test('fits 320 pixels: only the tables scroll by themselves', async () => {
    const page = await open(320, 'sr-Cyrl')

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Како су се упозорења показала')
    if (process.env.MOSAIC_SCREENSHOTS)
      await page.screenshot({ path: `${process.env.MOSAIC_SCREENSHOTS}/scores-320.png`, fullPage: true })
    await page.context().close()
  })
})
