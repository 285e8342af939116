/** A part of a life or of some work that is over. */
export interface Traced {
  readonly name: string;
  readonly traceId: string;
  /** Undefined: any; nothing is part of it. */
  readonly spanId?: string;
  /** What it is part of; undefined: its trace begins with it. */
  readonly parentId?: string | undefined;
  /** It answers somebody's call. */
  readonly answers?: boolean;
  readonly from: Date;
  readonly to: Date;
  /** Names and reasons; never a value that somebody keeps to themselves. */
  readonly attributes: Readonly<Record<string, string | number>>;
  /** The reason of its failure. */
  readonly failure?: string | undefined;
}

/** Hears of what is over, and sends it on by and by. */
export interface Tracing {
  told(span: Traced): void;
  /** Sends what is left. */
  close(): Promise<void>;
}

export interface Teller {
  readonly service: string;
  readonly version: string;
  /** Which replica. */
  readonly instance?: string | undefined;
  /** Told once an outage, and once when it is over. */
  readonly trouble: (message: string, error: unknown) => void;
  readonly recovered: (message: string) => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined where nobody asked for traces: then nothing of their library is even loaded. */
export async function openTracing(environment: Environment, teller: Teller): Promise<Tracing | undefined> {
  if (!isTraced(environment)) return undefined;
  const { sendTraces } = await import('./trace-sending.ts');
  return sendTraces(teller);
}

/** By the variables that OpenTelemetry defines. Throws one sentence where they cannot be followed. */
function isTraced(environment: Environment): boolean {
  const said = (name: string): string => environment[name]?.trim() ?? '';
  const endpoints = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].filter(
    (name) => said(name) !== '',
  );
  if (said('OTEL_SDK_DISABLED').toLowerCase() === 'true' || said('OTEL_TRACES_EXPORTER') === 'none') return false;
  for (const name of endpoints)
    if (!/^https?:$/.test(URL.parse(said(name))?.protocol ?? ''))
      throw new Error(`The environment is not usable: ${name} is no address: write http://collector:4318`);
  for (const name of ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'])
    if (endpoints.length > 0 && said(name) === 'grpc') throw new Error(noGrpc(name));
  return endpoints.length > 0;
}

const noGrpc = (name: string): string =>
  `The environment is not usable: ${name} grpc is not spoken here: unset it, and let the endpoint be where the collector answers HTTP, usually port 4318`;
