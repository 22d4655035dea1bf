{{- define "trellis.name" -}}
{{- if contains "trellis" .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-trellis" .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "trellis.selector" -}}
app.kubernetes.io/name: trellis
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{- define "trellis.labels" -}}
{{ include "trellis.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "trellis.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "trellis.name" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "trellis.podNamespace" -}}
{{- .Values.repoPods.namespace | default .Release.Namespace -}}
{{- end -}}

{{- define "trellis.image" -}}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) -}}
{{- end -}}

{{- define "trellis.workspaceImage" -}}
{{- .Values.repoPods.image | default (printf "trellis-workspace:%s" .Chart.AppVersion) -}}
{{- end -}}

{{- define "trellis.host" -}}
{{- regexReplaceAll ":[0-9]+$" (urlParse .Values.url).host "" -}}
{{- end -}}

{{- define "trellis.claim" -}}
{{- .Values.data.existingClaim | default (printf "%s-data" (include "trellis.name" .)) -}}
{{- end -}}

{{/* What the schema cannot say: settings that exclude each other. */}}
{{- define "trellis.check" -}}
{{- if and (not .Values.data.persistent) (not .Values.database.existingSecret) -}}
{{- fail "data.persistent is false, so that a restart would lose the SQLite database: name a PostgreSQL URL with database.existingSecret" -}}
{{- end -}}
{{- if and (not .Values.data.persistent) (not .Values.secretKey.existingSecret) -}}
{{- fail "data.persistent is false, so that a restart would lose the key of the secrets at rest: name one with secretKey.existingSecret" -}}
{{- end -}}
{{- if and (or .Values.ingress.enabled .Values.gateway.enabled) (has (include "trellis.host" .) (list "localhost" "127.0.0.1" "[::1]")) -}}
{{- fail (printf "url is %s: an Ingress or a Gateway needs the origin that browsers use, such as https://trellis.example.com" .Values.url) -}}
{{- end -}}
{{- end -}}
