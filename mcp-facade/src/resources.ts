import {
  type CallToolResult,
  type ListResourcesResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
  type ResourceTemplateType,
} from '@modelcontextprotocol/server';
import type { Cluster } from './cluster-port.ts';
import { page } from './cursor.ts';
import { Failure } from './failures.ts';
import { CAPACITY, FAMILIES, readOf, RESOURCES, templateOf, uriOf } from './resource-uri.ts';
import type { Incoming, Toolbox } from './toolbox.ts';

const JSON_TYPE = 'application/json';
const PAGE = 100;

interface Line {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
}

/** Allocations, workers and servers by address: what the reading tools say of them, and word when it changes. */
export class Resources {
  readonly #cluster: Cluster;
  readonly #toolbox: Toolbox;

  constructor(cluster: Cluster, toolbox: Toolbox) {
    this.#cluster = cluster;
    this.#toolbox = toolbox;
  }

  /** Throws ProtocolError with the words of what went wrong. */
  async list(cursor: string | undefined): Promise<ListResourcesResult> {
    try {
      return await this.#page(cursor);
    } catch (error) {
      const code = error instanceof Failure ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError;
      throw new ProtocolError(code, error instanceof Error ? error.message : String(error));
    }
  }

  async #page(cursor: string | undefined): Promise<ListResourcesResult> {
    const families = await Promise.all(FAMILIES.map(async (family) => await this.#lines(family)));
    const all = [{ uri: CAPACITY, name: 'capacity', title: 'Capacity' }, ...families.flat()];
    const { items, next_cursor } = page<Line>(all, ({ uri }) => uri, { limit: PAGE, cursor });
    return {
      resources: items.map((line) => ({ ...line, mimeType: JSON_TYPE })),
      ...(next_cursor === null ? {} : { nextCursor: next_cursor }),
    };
  }

  templates(): ResourceTemplateType[] {
    return FAMILIES.map((family) => ({
      uriTemplate: templateOf(family),
      name: family,
      title: RESOURCES[family].title,
      mimeType: JSON_TYPE,
    }));
  }

  /** Throws ResourceNotFoundError for what is not there, ProtocolError with the failure's words for any other. */
  async read(uri: string, incoming: Incoming): Promise<ReadResourceResult> {
    const read = readOf(uri);
    if (read === undefined) throw new ResourceNotFoundError(uri);
    const result = (await this.#toolbox.call(read.tool, read.args, incoming)) as CallToolResult | undefined;
    const { code, message } = (result?.structuredContent ?? {}) as { code?: string; message?: string };
    if (result === undefined || code === 'not_found' || code === 'invalid') throw new ResourceNotFoundError(uri);
    if (result.isError === true)
      throw new ProtocolError(
        ProtocolErrorCode.InternalError,
        message ?? 'It cannot be read',
        result.structuredContent,
      );
    return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(result.structuredContent) }] };
  }

  async #lines(family: (typeof FAMILIES)[number]): Promise<Line[]> {
    const { kind, title } = RESOURCES[family];
    return (await this.#cluster.list(kind)).map(({ metadata: { name, namespace } }) => {
      const key = namespace === undefined ? name : `${namespace}/${name}`;
      return { uri: uriOf(family, key), name: key, title };
    });
  }
}
