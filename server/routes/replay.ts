import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Context, ServedReplay } from '../context.ts'
import { Refused } from '../problems.ts'
import { problemSchema, type Replay, replayCommandSchema, replaySchema } from '../schemas/index.ts'

export function replayView({ scenario, player }: ServedReplay): Replay {
  return {
    ...player.state,
    title: scenario.title,
    realm: scenario.realm,
    origin: scenario.origin,
  }
}

export const replayRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      '/replay',
      {
        schema: {
          tags: ['replay'],
          summary: 'The scenario that plays in this node',
          response: { 200: replaySchema, 404: problemSchema },
        },
      },
      async () => replayView(opened(context)),
    )
    app.post(
      '/replay',
      {
        schema: {
          tags: ['replay'],
          summary: 'Play, pause, change speed, or take the next step at once',
          body: replayCommandSchema,
          response: { 200: replaySchema, 400: problemSchema, 403: problemSchema, 404: problemSchema },
        },
      },
      async ({ body, asking }) => {
        const replay = opened(context)
        if ((await context.operation.reachOf(asking)) === 'none')
          throw new Refused(
            403,
            'server/not-yours-to-steer',
            'Administrators and duty officers of the node steer its scenario; sign in as one.',
          )
        const { player } = replay
        if (body.speed !== undefined) setSpeed(player, body.speed)
        if (body.action === 'play') player.play()
        if (body.action === 'pause') player.pause()
        if (body.action === 'skip') player.skip()
        return replayView(replay)
      },
    )
  }

function setSpeed(player: ServedReplay['player'], speed: number): void {
  try {
    player.setSpeed(speed)
  } catch (error) {
    throw new Refused(400, 'exercise/speed-refused', error instanceof Error ? error.message : String(error))
  }
}

function opened({ replay }: Context): ServedReplay {
  if (!replay)
    throw new Refused(404, 'server/no-replay', 'No scenario is open; start the node with --replay SCENARIO.')
  return replay
}
