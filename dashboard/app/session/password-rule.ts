/** The server's password rule (`passwordSchema` in dashboard/bff/http/field-schemas.ts), shown as a hint. */
export const PASSWORD_RULE = '10 to 128 characters.';
