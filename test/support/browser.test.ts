import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { browserParts, openBrowser } from './browser.ts'

describe('the browser that tests use', () => {
  test('finds every shared library it needs without a system package', async ({ skip }) => {
    const { executablePath, env } = await browserParts()
    const listed = await promisify(execFile)('ldd', [executablePath], {
      env: { ...process.env, ...env },
    }).catch(() => undefined)
    if (!listed) return skip('this system has no ldd')

    expect(listed.stdout).not.toContain('not found')
  })

  test('draws with WebGL 2, and a screenshot shows what was drawn', async () => {
    await using browser = await openBrowser()
    const page = await browser.newPage({ viewport: { width: 64, height: 64 } })
    await page.setContent(
      '<body style="margin:0"><canvas width="64" height="64" style="display:block"></canvas>',
    )

    const renderer = await page.evaluate(() => {
      const gl = document.querySelector('canvas')?.getContext('webgl2')
      if (!gl) return undefined
      gl.clearColor(1, 0.5, 0, 1)
      gl.clear(gl.COLOR_BUFFER_BIT)
      return String(gl.getParameter(gl.VERSION))
    })
    const pixel = await pixelOf(page, await page.screenshot())

    expect(renderer).toContain('WebGL 2.0')
    expect(pixel).toEqual([255, 128, 0])
  })

  test('has letters for every script that the region writes', async () => {
    await using browser = await openBrowser()
    const page = await browser.newPage()

    const widths = await page.evaluate(() => {
      const context = document.createElement('canvas').getContext('2d')
      if (!context) return []
      context.font = '40px sans-serif'
      return ['ë', 'ж', 'ѓ', 'ї', 'ψ', 'ő', 'ğ', 'đ'].map((letter) => context.measureText(letter).width)
    })

    expect(widths).toHaveLength(8)
    for (const width of widths) expect(width).toBeGreaterThan(5)
  })
})

/** Red, green, blue of the middle of a PNG, read by the browser itself. */
async function pixelOf(
  page: Awaited<ReturnType<Awaited<ReturnType<typeof openBrowser>>['newPage']>>,
  png: Buffer,
): Promise<number[]> {
  return page.evaluate(async (data) => {
    const image = new Image()
    image.src = `data:image/png;base64,${data}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = image.width
    canvas.height = image.height
    const context = canvas.getContext('2d')
    context?.drawImage(image, 0, 0)
    return [...(context?.getImageData(image.width / 2, image.height / 2, 1, 1).data ?? [])].slice(0, 3)
  }, png.toString('base64'))
}
