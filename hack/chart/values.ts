import * as z from 'zod';
import { asKubernetesSays, monitor, pods, resources, section, stringMap, toggle } from './value-parts.ts';

/** Everything a user of the chart may set. values.yaml, values.schema.json and the reference page are made from this. */
export const Values = z.strictObject({
  global: asKubernetesSays().default({}).describe('Set by Helm for subcharts; not read.'),
  image: section(
    {
      registry: z.string().default('').describe('Put before every repository, such as registry.example/team.'),
      tag: z.string().default('').describe("The tag of both images; unset, the chart's appVersion."),
      pullPolicy: z
        .enum(['Always', 'IfNotPresent', 'Never'])
        .default('IfNotPresent')
        .describe('When images are pulled.'),
      pullSecrets: z.array(z.string().min(1)).default([]).describe('Names of existing Secrets that open the registry.'),
    },
    'Where both images come from.',
  ),
  operator: section(
    {
      ...pods('cortex-operator', 2),
      http2: toggle(true, 'Whether it speaks HTTP/2 to the API server; false behind a proxy that cannot.'),
      mcpSelector: z
        .string()
        .min(1)
        .default('app.kubernetes.io/component=mcp-server')
        .describe('Deployments and StatefulSets that this label selector selects are MCP servers.'),
      orphans: z
        .enum(['Report', 'Remove'])
        .default('Report')
        .describe('Machines of this cluster that no BurstWorker claims are told of, or also removed.'),
      resources: resources('100m', '128Mi', '512Mi'),
    },
    'The operator: one replica leads, the others wait for its lease.',
  ),
  facade: section(
    {
      enabled: toggle(true, 'Whether the MCP facade is installed.'),
      ...pods('cortex-mcp-facade', 2),
      profile: z
        .enum(['readonly', 'operator', 'admin'])
        .default('readonly')
        .describe('What it may do: read; or also request, release, drain and scale; or also destroy workers.'),
      confirmation: toggle(true, 'Whether what destroys is confirmed first; false for callers that are no people.'),
      oidc: section(
        {
          issuer: z.string().default('').describe('Who issues tokens; unset, only its own pod is let in.'),
          audience: z.string().default('').describe('The https address of this facade, for which tokens are issued.'),
        },
        'Whose tokens are asked for.',
      ),
      names: z
        .array(z.string().min(1))
        .default([])
        .describe('Host names under which clients come, beside that of oidc.audience and of the Service.'),
      namespace: z.string().max(63).default('').describe("Receives what it creates; unset, the release's namespace."),
      service: section(
        {
          name: z.string().min(1).max(63).default('cortex-resource-manager-mcp-server').describe('Its DNS name.'),
          type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']).default('ClusterIP').describe('Its type.'),
          port: z.int().min(1).max(65_535).default(3000).describe('Its port.'),
          annotations: stringMap('Its annotations.'),
        },
        'The Service that MCP clients call.',
      ),
      resources: resources('50m', '96Mi', '384Mi'),
    },
    'The MCP facade: it creates, reads and deletes the six kinds, and nothing else.',
  ),
  admissionPolicies: section(
    {
      enabled: toggle(
        true,
        'Whether they are installed; without them a stolen token of the operator deletes any Node.',
      ),
    },
    'ValidatingAdmissionPolicies that hold even where the operator is wrong or its token stolen.',
  ),
  aggregatedRoles: section(
    { enabled: toggle(true, 'Whether view, edit and admin include Allocations, McpServers and McpServerScales.') },
    "Rights on the namespaced kinds, added to Kubernetes' own roles.",
  ),
  podDisruptionBudgets: section(
    { enabled: toggle(true, 'Whether they are installed. One pod may always be evicted.') },
    'PodDisruptionBudgets of both Deployments.',
  ),
  networkPolicies: section(
    {
      enabled: toggle(true, 'Whether they are installed.'),
      apiServerPorts: z
        .array(z.int().min(1).max(65_535))
        .min(1)
        .default([443, 6443])
        .describe('Ports on which the API server and an OIDC issuer answer.'),
      operatorEgress: z
        .array(asKubernetesSays())
        .default([])
        .describe('Further egress rules of the operator: where the API of your VM provider is.'),
      facadeClients: z
        .array(asKubernetesSays())
        .default([{ namespaceSelector: {} }])
        .describe('Who may call the facade; by default every pod of the cluster.'),
      metricsClients: z
        .array(asKubernetesSays())
        .default([{ namespaceSelector: {} }])
        .describe('Who may read metrics; by default every pod of the cluster.'),
    },
    'What may reach the pods, and what they may reach.',
  ),
  uninstallCheck: section(
    {
      enabled: toggle(true, 'Whether a Job of Helm looks first, and refuses; helm uninstall --no-hooks goes past it.'),
    },
    'Before helm uninstall: whether machines, Nodes or finalizers would be left without the operator.',
  ),
  flowControl: section(
    { enabled: toggle(true, 'Whether they are installed.') },
    'FlowSchemas that keep a busy cluster from starving the lease and the controllers.',
  ),
  tracing: section(
    {
      endpoint: z
        .string()
        .regex(/^(https?:\/\/.+)?$/)
        .default('')
        .describe(
          'Where a collector answers OTLP over HTTP, such as http://collector.observability:4318; unset, there are no traces.',
        ),
      headersSecret: z
        .string()
        .default('')
        .describe('An existing Secret whose key headers is sent along, as key=value pairs: a token of the collector.'),
    },
    'OpenTelemetry traces of both processes.',
  ),
  monitoring: section(
    {
      podMonitor: monitor('PodMonitor'),
      serviceMonitor: monitor('ServiceMonitor'),
      rules: section(
        {
          enabled: toggle(false, 'Whether there is a PrometheusRule; its CRD must be installed.'),
          labels: stringMap('Labels by which Prometheus finds the rules.'),
        },
        'Alert rules for the Prometheus operator.',
      ),
      dashboard: section(
        {
          enabled: toggle(false, 'Whether there is a ConfigMap with the Grafana dashboard.'),
          labels: z
            .record(z.string(), z.string())
            .default({ grafana_dashboard: '1' })
            .describe('Labels by which Grafana finds it.'),
        },
        'The Grafana dashboard.',
      ),
    },
    'What Prometheus and Grafana get. A PodMonitor or a ServiceMonitor, not both.',
  ),
});
