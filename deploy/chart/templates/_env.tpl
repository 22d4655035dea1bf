{{- define "trellis.env" -}}
- name: TRELLIS_URL
  value: {{ .Values.url | quote }}
# A pod's log is read by more than its owner.
- name: TRELLIS_SIGN_IN_LINK
  value: "off"
# Its shells could read the database, the key and the service account's token.
- name: TRELLIS_LOCAL_HOST
  value: "off"
# A folder of the server's own: the volume's belongs to the kubelet.
- name: TRELLIS_DATA_DIR
  value: /data/trellis
- name: HOME
  value: /tmp
- name: TRELLIS_NAMESPACE
  value: {{ include "trellis.podNamespace" . | quote }}
- name: TRELLIS_WORKSPACE_IMAGE
  value: {{ include "trellis.workspaceImage" . | quote }}
# It brings what an image of somebody else lacks.
- name: TRELLIS_IMAGE
  value: {{ include "trellis.image" . | quote }}
{{- $pullSecrets := list }}
{{- range .Values.repoPods.imagePullSecrets }}
{{- $pullSecrets = append $pullSecrets .name }}
{{- end }}
{{- with $pullSecrets }}
- name: TRELLIS_IMAGE_PULL_SECRETS
  value: {{ join "," . | quote }}
{{- end }}
{{- with .Values.repoPods.storageClass }}
- name: TRELLIS_STORAGE_CLASS
  value: {{ . | quote }}
{{- end }}
- name: TRELLIS_STORAGE_SIZE
  value: {{ .Values.repoPods.storageSize | quote }}
- name: TRELLIS_LOG_LEVEL
  value: {{ .Values.logLevel }}
- name: TRELLIS_POLL_SECONDS
  value: {{ .Values.pollSeconds | quote }}
- name: TRELLIS_TERMINAL_LOG_MIB
  value: {{ .Values.terminalLogMib | quote }}
{{- with .Values.secretKey }}
{{- if .existingSecret }}
- name: TRELLIS_SECRET_KEY
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret | quote }}
      key: {{ .key | quote }}
{{- end }}
{{- end }}
{{- with .Values.database }}
{{- if .existingSecret }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ .existingSecret | quote }}
      key: {{ .key | quote }}
{{- end }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
