import type { McpServerStatus } from '@cortex/crds';

export type ServerInfo = NonNullable<McpServerStatus['serverInfo']>;

/** What is asked of a server beyond ready pods. */
export interface Question {
  readonly type: 'Mcp' | 'Http';
  readonly namespace: string;
  readonly service: string;
  /** The port of the Service, or a port of the pods that the Service does not list. */
  readonly port: { readonly name: string | undefined; readonly number: number; readonly direct: boolean };
  readonly path: string;
}

/** What came of asking. */
export type Verdict =
  | { readonly state: 'Answers'; readonly serverInfo: ServerInfo | undefined }
  /** Something answers that is not what was asked for. */
  | { readonly state: 'Wrong'; readonly why: string }
  /** It was reached, and did not answer. */
  | { readonly state: 'Silent'; readonly why: string }
  /** Nothing was reached, or nobody knows where to ask: no word on the server. */
  | { readonly state: 'Unreachable'; readonly why: string }
  | { readonly state: 'NoEndpoints'; readonly why: string }
  | { readonly state: 'Forbidden'; readonly why: string };
