{{/* The name of everything: the release's, with the chart's where that does not say it. */}}
{{- define "nsmon.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{/* What selects; it can't be changed once a DaemonSet has it. */}}
{{- define "nsmon.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "nsmon.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "nsmon.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* The capabilities that the source and the search for holders need, and why. */}}
{{- define "nsmon.capabilities" -}}
# /proc/PID/ns and exe of other users' processes: the one that is always needed
- SYS_PTRACE
{{- if has .Values.source (list "auto" "perf") }}
# perf: the kernel's own records, so that nothing is too short to be seen
- PERFMON
# its rings of 4 MiB a CPU; a pod can't set a limit for locked memory
- IPC_LOCK
{{- end }}
{{- if eq .Values.source "proc-connector" }}
# to be in time for processes that last less than a millisecond
- SYS_NICE
{{- end }}
{{- if .Values.holders }}
# which descriptors hold a namespace after its last process (/proc/PID/fd)
- DAC_READ_SEARCH
{{- end }}
{{- if or .Values.holders (eq .Values.source "proc-connector") }}
# which sockets hold a network namespace; the proc connector before Linux 6.6
- NET_ADMIN
{{- end }}
{{- end }}
