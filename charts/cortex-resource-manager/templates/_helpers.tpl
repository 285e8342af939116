{{/* Labels of everything; a component where one is given: (list $ "operator"). */}}
{{- define "cortex.labels" -}}
{{- $root := index . 0 -}}
{{- with index . 1 -}}
app.kubernetes.io/component: {{ . }}
{{ end -}}
app.kubernetes.io/name: cortex-resource-manager
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: cortex-resource-manager
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* What a Deployment, a Service and a policy know the pods of a component by: (list $ "operator"). */}}
{{- define "cortex.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: cortex-resource-manager
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* (list $ .Values.operator) */}}
{{- define "cortex.image" -}}
{{- $root := index . 0 -}}
{{- $image := (index . 1).image -}}
{{- with $root.Values.image.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{- $image.repository -}}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $root.Values.image.tag | default $root.Chart.AppVersion }}{{ end -}}
{{- end -}}

{{/* The metadata of a pod template: (list $ "operator" .Values.operator). */}}
{{- define "cortex.podMetadata" -}}
{{- $values := index . 2 -}}
labels:
  {{- include "cortex.labels" (list (index . 0) (index . 1)) | nindent 2 }}
  {{- with $values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $values.podAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Where and under which limits the pods run: (list $ "operator" .Values.operator). */}}
{{- define "cortex.podSpec" -}}
{{- $root := index . 0 -}}
{{- $values := index . 2 -}}
serviceAccountName: cortex-{{ index . 1 }}
enableServiceLinks: false
terminationGracePeriodSeconds: 30
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $values.affinity }}
affinity:
  {{- toYaml $values.affinity | nindent 2 }}
{{- else }}
topologySpreadConstraints:
- maxSkew: 1
  topologyKey: kubernetes.io/hostname
  whenUnsatisfiable: ScheduleAnyway
  labelSelector:
    matchLabels:
      {{- include "cortex.selector" (list $root (index . 1)) | nindent 6 }}
{{- end }}
{{- end -}}

{{- define "cortex.volumes" -}}
{{- with .caSecret }}
volumes:
- name: ca
  secret:
    secretName: {{ . }}
    items: [{key: ca.crt, path: ca.crt}]
{{- end }}
{{- end -}}

{{- define "cortex.mounts" -}}
{{- if .caSecret }}
volumeMounts:
- {name: ca, mountPath: /etc/cortex/ca, readOnly: true}
{{- end }}
{{- end -}}

{{/* What every container has in common: (list $ .Values.operator). */}}
{{- define "cortex.confined" -}}
{{- $values := index . 1 -}}
image: {{ include "cortex.image" . | quote }}
imagePullPolicy: {{ (index . 0).Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
resources:
  {{- toYaml $values.resources | nindent 2 }}
{{- end -}}

{{/* What both processes that serve have in common: (list $ .Values.operator). */}}
{{- define "cortex.container" -}}
{{- include "cortex.confined" . }}
startupProbe:
  httpGet: {path: /healthz, port: health}
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /healthz, port: health}
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /readyz, port: health}
  periodSeconds: 5
  timeoutSeconds: 5
{{- end -}}

{{/* Further environment: .Values.operator. */}}
{{- define "cortex.env" -}}
- {name: CORTEX_LOG_LEVEL, value: {{ .logLevel }}}
- {name: LOG_FORMAT, value: json}
{{- if .caSecret }}
- {name: NODE_EXTRA_CA_CERTS, value: /etc/cortex/ca/ca.crt}
{{- end }}
{{- range $name, $value := .env }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end -}}

{{/* Where traces are sent. The name of the service is the process's own, unless env sets OTEL_SERVICE_NAME. */}}
{{- define "cortex.tracingEnv" -}}
{{- with .Values.tracing }}
{{- if .endpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .endpoint | quote }}}
{{- with .headersSecret }}
- {name: OTEL_EXPORTER_OTLP_HEADERS, valueFrom: {secretKeyRef: {name: {{ . }}, key: headers}}}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* The port of the collector, wherever it is. */}}
{{- define "cortex.tracingEgress" -}}
{{- with .Values.tracing.endpoint }}
{{- $url := urlParse . }}
{{- $port := regexFind ":[0-9]+$" $url.host | trimPrefix ":" | default (ternary "443" "80" (eq $url.scheme "https")) }}
- ports:
  - {protocol: TCP, port: {{ $port }}}
{{- end }}
{{- end -}}

{{/* Name resolution, and wherever the API server answers. */}}
{{- define "cortex.apiServerEgress" -}}
- ports:
  - {protocol: UDP, port: 53}
  - {protocol: TCP, port: 53}
- ports:
  {{- range .Values.networkPolicies.apiServerPorts }}
  - {protocol: TCP, port: {{ . }}}
  {{- end }}
{{- end -}}

{{- define "cortex.operatorSubject" -}}
- kind: ServiceAccount
  serviceAccount: {name: cortex-operator, namespace: {{ .Release.Namespace }}}
{{- end -}}

{{/* Under which names clients of the cluster reach the facade, and whichever else were given. */}}
{{- define "cortex.facadeNames" -}}
{{- $service := .Values.facade.service.name -}}
{{- $in := printf "%s.%s" $service .Release.Namespace -}}
{{- concat (list $service $in (printf "%s.svc" $in) (printf "%s.svc.cluster.local" $in)) .Values.facade.names | join "," -}}
{{- end -}}
