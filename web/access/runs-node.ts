/** Whether who is here runs the node, as far as the page knows; the node itself decides (server/operation.ts). */
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '../api/session.ts'

const operators = ['administrator', 'duty-officer']

export function useRunsNode(): boolean {
  const { data: session } = useQuery(sessionQuery)
  if (!session?.hasUsers) return true
  return session.roles.some((role) => operators.includes(role))
}
