import { z } from 'zod';
import { PERMISSIONS } from '../../../tenancy/api-key.ts';
import { documentation } from '../../documentation.ts';

export const KEY_STATUS_DOCUMENTATION = documentation({
  tags: ['Keys'],
  operationId: 'getKeyStatus',
  summary: 'Get the status and permissions of the calling API key',
  responses: {
    200: z
      .object({
        id: z.uuid(),
        scope: z.enum(['company', 'workspace']),
        status: z
          .literal('active')
          .describe('A request with an expired or revoked key answers 401.'),
        workspaceId: z.uuid().nullable().describe('null for a company key.'),
        permissions: z.array(z.enum(PERMISSIONS)),
        lastUsedAt: z.iso.datetime().nullable().describe('Accurate to the minute.'),
        expiresAt: z.iso.datetime().nullable(),
        healthScore: z
          .int()
          .min(0)
          .max(100)
          .describe(
            '100 is best: minus 40 when it expires within 14 days, 20 when it never expires, 20 when older than a year, 10 when it may do everything everywhere.',
          ),
      })
      .meta({ id: 'KeyStatus' }),
  },
  problems: [],
});
