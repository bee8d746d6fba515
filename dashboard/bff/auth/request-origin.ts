import type { Member } from './member.ts';

/** The member who makes a request, and where the request comes from. */
export interface Caller {
  readonly member: Member;
  readonly origin: RequestOrigin;
}

export interface RequestOrigin {
  readonly requestId: string;
  readonly ip: string;
  readonly userAgent: string | null;
}
