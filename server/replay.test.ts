import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aPlayedNode, type Json, type PlayedNode } from './builders.ts'

let played: PlayedNode
beforeAll(async () => {
  played = await aPlayedNode({ scenario: 'petrinja-2020', isPlayed: false })
})
afterAll(() => played[Symbol.asyncDispose]())

const steer = async (payload: object) => {
  const answer = await played.app.inject({ method: 'POST', url: '/api/v1/replay', payload })
  return { status: answer.statusCode, ...answer.json<Json>() }
}
const state = () => played.ask('/replay')

async function until(isSo: (state: Json) => boolean): Promise<Json> {
  for (let tries = 0; tries < 600; tries += 1) {
    const now = await state()
    if (isSo(now)) return now
    await sleep(50)
  }
  throw new Error(`it stays ${JSON.stringify(await state())}`)
}

describe('the replay bar', () => {
  test('begins paused, before the first step', async () => {
    expect(await state()).toMatchObject({
      scenario: 'petrinja-2020',
      realm: 'exercise:petrinja-2020',
      state: 'paused',
      step: 0,
    })
  })

  test('takes one step at once, and stays paused', async () => {
    await steer({ action: 'skip' })

    expect(await until(({ step }) => step === 1)).toMatchObject({ state: 'paused' })
  })

  test('refuses a speed that nobody can follow', async () => {
    for (const speed of [0, -1, 1e9, 'fast'])
      expect(await steer({ action: 'speed', speed })).toMatchObject({ status: 400 })
    expect(await steer({ action: 'speed', speed: 0.01 })).toMatchObject({ code: 'exercise/speed-refused' })
    expect((await state()).speed).toBe(30)
  })

  test('changes speed, plays and pauses', async () => {
    expect(await steer({ action: 'speed', speed: 60 })).toMatchObject({ status: 200, speed: 60 })
    expect(await steer({ action: 'play' })).toMatchObject({ state: 'playing' })
    expect(await steer({ action: 'pause' })).toMatchObject({ state: 'paused' })
  })

  test('comes to the end, and says so', async () => {
    const { steps } = await steer({ action: 'play', speed: 100_000 })
    for (let at = 0; at < steps; at += 1) await steer({ action: 'skip' })

    const done = await until((now) => now.state === 'done')
    expect(done).toMatchObject({ step: steps, time: done.until })
    expect(await steer({ action: 'play' })).toMatchObject({ state: 'done' })
    expect(await steer({ action: 'skip' })).toMatchObject({ state: 'done' })
  })
})
