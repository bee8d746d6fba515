/** What the server asks of a password, before it has to refuse one: `passwordSchema` of dashboard/bff/http/json-body.ts. */
export const PASSWORD_RULE = '10 to 128 characters.';
