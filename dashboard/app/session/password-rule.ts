/** What the server asks of a password, before it has to refuse one: `passwordSchema` of dashboard/bff/http/field-schemas.ts. */
export const PASSWORD_RULE = '10 to 128 characters.';
