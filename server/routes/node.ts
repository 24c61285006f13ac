import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { healthSchema, nodeSchema } from '../schemas/index.ts'
import { replayView } from './replay.ts'

export const version = '0.1.0'

export const nodeRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { settings, places, identity, clock } = context.node
    const { region } = places

    app.get(
      '/node',
      {
        schema: {
          tags: ['node'],
          summary: 'Who this node is, its region, its clock',
          response: { 200: nodeSchema },
        },
      },
      async () => {
        const { replay, defaultRealm } = context
        return {
          name: settings.name,
          title: settings.title,
          realms: [...new Set(['actual', ...(replay ? [replay.scenario.realm] : [])])],
          defaultRealm,
          languages: [...region.languages],
          now: clock.now(),
          incarnation: identity.incarnation,
          version,
          region: {
            id: region.id,
            title: region.title,
            bounds: [...region.bounds] as [number, number, number, number],
            countries: region.countries.map(
              ({ code, names, officialLanguages, group, timeZone, footnote }) => ({
                code,
                names,
                officialLanguages: [...officialLanguages],
                group,
                timeZone,
                ...(footnote ? { footnote } : {}),
              }),
            ),
          },
          ...(replay ? { replay: replayView(replay) } : {}),
        }
      },
    )
  }

/** Alive: the process answers. Ready: the database does too, and says what needs a person. */
export const healthRoutes =
  (context: Context): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { clock } = context.node
    app.get(
      '/health',
      { schema: { tags: ['node'], summary: 'The process is alive', response: { 200: healthSchema } } },
      async () => ({
        status: 'ok' as const,
        now: clock.now(),
        checks: [],
      }),
    )
    app.get(
      '/ready',
      {
        schema: {
          tags: ['node'],
          summary: 'The node can do its work',
          response: { 200: healthSchema, 503: healthSchema },
        },
      },
      async (request, reply) => {
        const checks = [
          await databaseCheck(request),
          ...(await signingChecks()),
          ...(await quarantineChecks(request)),
        ]
        const [database] = checks
        const status = !database?.ok
          ? ('down' as const)
          : checks.every(({ ok }) => ok)
            ? ('ok' as const)
            : ('degraded' as const)
        return reply.code(status === 'down' ? 503 : 200).send({ status, now: clock.now(), checks })
      },
    )

    async function databaseCheck({ records }: FastifyRequest) {
      try {
        await records.head()
        return { name: 'database', ok: true, detail: 'answers' }
      } catch (error) {
        context.log.error(
          { error: error instanceof Error ? error.message : String(error) },
          'the database does not answer',
        )
        return { name: 'database', ok: false, detail: 'does not answer' }
      }
    }
    /** Anybody sees by the log that it stands still; who saw what is for who runs the node (mosaic log). */
    async function signingChecks() {
      try {
        const signing = await context.exchange?.signing()
        if (signing === undefined || signing.kind === 'signs') return []
        return [{ name: 'log', ok: false, detail: 'not signed since a restore; see mosaic log' }]
      } catch {
        return [] // an unreachable database is the check above
      }
    }
    /** For who runs the node only: to others the count would tell that something came. */
    async function quarantineChecks({ asking }: FastifyRequest) {
      try {
        const quarantine = await context.operation.quarantine(asking)
        if (!quarantine) return []
        const held = await quarantine.count()
        return [{ name: 'quarantine', ok: held === 0, detail: `${held} held` }]
      } catch {
        return [] // an unreachable database is the check above
      }
    }
  }
