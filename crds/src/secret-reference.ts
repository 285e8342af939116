import * as z from 'zod';
import { objectName } from './fields.ts';

/** A Secret of the operator's own: references name no namespace. */
export const secretName = () => objectName().describe("The name of a Secret in the operator's own namespace.");

export const secretKey = () =>
  z
    .string()
    .min(1)
    .max(253)
    .regex(/^[-._A-Za-z0-9]+$/);
