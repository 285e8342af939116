/** A MicroTime as the API server writes it: six digits, which `toISOString` lacks. */
export const microTime = (at: Date): string => at.toISOString().replace('Z', '000Z');
