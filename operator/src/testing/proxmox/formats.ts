/** The formats that the official description only names, as Proxmox checks them. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  'pve-vmid': /^[1-9]\d{2,8}$/,
  'pve-node': /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  'pve-poolid': /^[A-Za-z0-9][A-Za-z0-9._/-]*$/,
  'pve-storage-id': /^[A-Za-z][A-Za-z0-9\-_.]*[A-Za-z0-9]$/,
  'dns-name': /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/,
  'pve-tag-list': /^[A-Za-z0-9_][A-Za-z0-9_\-+.]*([;, ][A-Za-z0-9_][A-Za-z0-9_\-+.]*)*$/,
  'pve-qm-smbios1': /^(uuid=[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|base64=[01]|[a-z]+=[^,]*)(,.*)?$/,
  'pve-qm-boot': /^(order=[a-z]+\d*(;[a-z]+\d*)*|(legacy=)?[acdn]{1,4})$/,
  'pve-volume-id-or-qm-path': /^(none|cdrom|[A-Za-z][A-Za-z0-9\-_.]*:.+|\/.+)$/,
  'pve-volume-id-or-absolute-path': /^([A-Za-z][A-Za-z0-9\-_.]*:.+|\/.+)$/,
  'pve-bridge-id': /^[-_.\w]+$/,
  'pve-configid-list': /^[a-z][a-z0-9_-]+([;, ][a-z][a-z0-9_-]+)*$/i,
  'pve-vm-cpu-conf': /^(cputype=)?[A-Za-z0-9._-]+(,.*)?$/,
  'pve-storage-content': /^[a-z]+$/,
  'mac-addr': /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/,
};

/** Undefined when the value is of this format; a format that is not known here is a gap of the tests, and said. */
export function formatProblem(format: string, value: string): string | undefined {
  const pattern = FORMATS[format];
  if (pattern === undefined) return `these tests do not know the format ${format}`;
  return pattern.test(value) ? undefined : `invalid format - value does not look like a valid ${format}`;
}
