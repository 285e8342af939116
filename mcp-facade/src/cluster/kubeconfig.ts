import { KubeConfig } from '@kubernetes/client-node';

/** The kubeconfig that kubectl would use, at this context; in a pod that of its ServiceAccount. Throws a sentence for people. */
export function kubeConfigOf(context: string | undefined): KubeConfig {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromDefault();
  if (context === undefined) return kubeConfig;
  const contexts = kubeConfig.getContexts().map(({ name }) => name);
  if (!contexts.includes(context))
    throw new Error(`The kubeconfig has no context ${context}. It has: ${contexts.join(', ') || 'none'}`);
  kubeConfig.setCurrentContext(context);
  return kubeConfig;
}

export const namespaceIn = (kubeConfig: KubeConfig): string =>
  kubeConfig.getContextObject(kubeConfig.getCurrentContext())?.namespace ?? 'default';

/** Why there is no kubeconfig to be had. */
export const reasonOf = (error: unknown): string => {
  const { code, path, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `${path ?? 'the kubeconfig'} does not exist; set KUBECONFIG to one that does` : message;
};
