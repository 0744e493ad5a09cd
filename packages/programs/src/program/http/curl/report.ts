// What `-w` writes when a transfer is over. curl(1), --write-out.

import { MICROSECOND } from '@netreel/sim';
import { formatAddress } from '@netreel/wire';
import type { Transfer } from './transfer.js';

export function formatReport(format: string, transfer: Transfer, now: number): string {
  const seconds = (ns: number): string => {
    const us = Math.floor(ns / MICROSECOND);
    return `${Math.floor(us / 1_000_000)}.${String(us % 1_000_000).padStart(6, '0')}`;
  };
  const since = (at: number): string => seconds(at === 0 ? 0 : at - transfer.startedAt);
  return format.replace(/%\{([a-z_]+)\}|\\([nrt])|%%/g,
    (whole, name: string | undefined, escape: string | undefined) => {
    if (whole === '%%') return '%';
    if (escape !== undefined) return escape === 'n' ? '\n' : escape === 'r' ? '\r' : '\t';
    switch (name) {
      case 'http_code': case 'response_code': return String(transfer.head?.status ?? 0).padStart(3, '0');
      case 'size_download': return String(transfer.received);
      case 'size_upload': return String(transfer.sent);
      case 'size_header': return String(transfer.headBytes);
      case 'size_request': return String(transfer.requestBytes);
      case 'url_effective': case 'url': return transfer.url;
      case 'num_redirects': return String(transfer.redirects);
      case 'num_connects': return String(transfer.connects);
      case 'redirect_url': return transfer.redirectUrl ?? '';
      case 'content_type': return transfer.head?.field('content-type') ?? '';
      case 'remote_ip': return transfer.socket === undefined ? '' : formatAddress(transfer.socket.remoteAddress);
      case 'remote_port': return String(transfer.socket?.remotePort ?? 0);
      case 'local_ip': return transfer.socket === undefined ? '' : formatAddress(transfer.socket.localAddress);
      case 'local_port': return String(transfer.socket?.localPort ?? 0);
      case 'method': return transfer.method;
      case 'http_version': return transfer.head?.version ?? '0';
      case 'scheme': return transfer.head === undefined ? '' : 'HTTP';
      case 'exitcode': return String(transfer.exitCode);
      case 'errormsg': return transfer.message ?? '';
      case 'time_total': return seconds(now - transfer.startedAt);
      case 'time_namelookup': return since(transfer.resolvedAt);
      case 'time_connect': return since(transfer.connectedAt);
      case 'time_appconnect': return '0.000000';
      case 'time_pretransfer': return since(transfer.connectedAt);
      case 'time_starttransfer': return since(transfer.firstByteAt);
      case 'time_redirect': return '0.000000';
      case 'speed_download': {
        const us = Math.floor((now - transfer.startedAt) / MICROSECOND);
        return String(us === 0 ? transfer.received : Math.floor((transfer.received * 1_000_000) / us));
      }
      case 'filename_effective': return transfer.fileName ?? '';
      default: return whole;
    }
  });
}
