import { KubeConfig } from '@kubernetes/client-node';
import { createClient } from '../kube/api-client.ts';
import { isForbidden, isNotFound } from '../kube/errors.ts';
import { openTransport } from '../kube/transport.ts';
import { type Asked, asked, USAGE, type Verb } from './arguments.ts';
import { type Snapshot, snapshot } from './cluster.ts';
import { explain } from './explained.ts';
import { find, findAllocation, Mistake } from './find.ts';
import type { Page } from './page.ts';
import { plan } from './plan.ts';
import { inColour, type Paint, plain, print } from './print.ts';
import { queue } from './queue.ts';
import { status } from './status.ts';
import { tree } from './tree.ts';

const VERSION = '0.1.0';

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(said(error));
  return 1;
});

async function main(args: readonly string[]): Promise<number> {
  const question = asked(args);
  if (question.verb === 'help') return say(USAGE);
  if (question.verb === 'version') return say(VERSION);
  return await answer(question, question.verb);
}

async function answer(question: Asked, verb: Verb): Promise<number> {
  const kubeConfig = kubeConfigFor(question);
  const transport = await openTransport(kubeConfig, { userAgent: `kubectl-cortex/${VERSION}` });
  try {
    const seen = await snapshot(createClient(transport), question.operatorNamespace, new Date());
    const namespace = question.namespace ?? kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace;
    const page = pageOf(verb, question.words, namespace ?? 'default', seen);
    return say(question.json ? JSON.stringify(page.data, null, 2) : print(page, paint()).trimEnd());
  } finally {
    await transport.close();
  }
}

function pageOf(verb: Verb, words: readonly string[], namespace: string, seen: Snapshot): Page {
  switch (verb) {
    case 'explain':
      return explain(find(words, namespace, seen), seen);
    case 'tree':
      return tree(findAllocation(words, namespace, seen), seen);
    case 'queue':
      return queue(seen);
    case 'plan':
      return plan(seen);
    case 'status':
      return status(seen);
  }
}

function kubeConfigFor({ context, kubeconfig }: Asked): KubeConfig {
  const kubeConfig = new KubeConfig();
  if (kubeconfig === undefined) kubeConfig.loadFromDefault();
  else kubeConfig.loadFromFile(kubeconfig);
  if (context !== undefined) kubeConfig.setCurrentContext(context);
  return kubeConfig;
}

function say(text: string): number {
  console.log(text);
  return 0;
}

/** https://no-color.org */
function paint(): Paint {
  const { NO_COLOR: no, FORCE_COLOR: yes } = process.env;
  return no === undefined && (process.stdout.isTTY || yes !== undefined) ? inColour : plain;
}

function said(error: unknown): string {
  if (error instanceof Mistake) return error.message;
  if (isNotFound(error))
    return 'This cluster does not know the kinds of Cortex Resource Manager. Install the chart cortex-resource-manager-crds.';
  if (isForbidden(error)) return `You may not read what this shows: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
