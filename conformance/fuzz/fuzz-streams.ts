import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { complaint } from './answers';
import { type HostileStream, streams } from './streams';
import type { Target } from './target';

const BATCH = 1_000;
const AT_ONCE = 40;
/** A connection that is neither answered nor closed for so long after its last byte hangs. */
const HANGS_AFTER_MS = 10_000;

/** What came of the streams. */
export interface StreamsReport {
  streams: number;
  answered: number;
  /** Closed without an answer. */
  closed: number;
  /** Complaints by kind of stream and text, with how often. */
  faults: Map<string, number>;
}

type End = { received: Buffer; hangs: boolean };

/** Writes a stream, closes its own side and takes what comes back. */
async function send({ hostname, port }: URL, { pieces }: HostileStream): Promise<End> {
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('end', () => socket.destroy());
  // Refused in the middle of a body, a writer sees a reset: that is a closed socket, too.
  socket.on('error', () => socket.destroy());
  for (const piece of pieces) {
    if (socket.destroyed) break;
    if (Buffer.isBuffer(piece)) socket.write(piece);
    else await delay(piece.pauseMs);
  }
  if (!socket.destroyed) socket.end();
  const stop = new AbortController();
  const hangs = await Promise.race([
    closed.then(() => false),
    delay(HANGS_AFTER_MS, true, { signal: stop.signal }).catch(() => true),
  ]);
  stop.abort();
  socket.destroy();
  return { received: Buffer.concat(chunks), hangs };
}

const isHead = ({ pieces }: HostileStream) =>
  Buffer.isBuffer(pieces[0]) && pieces[0].toString('latin1').startsWith('HEAD ');

async function one(target: Target, stream: HostileStream, report: StreamsReport): Promise<void> {
  const { received, hangs } = await send(target.url, stream);
  report.streams += 1;
  report[received.length > 0 ? 'answered' : 'closed'] += 1;
  const what = hangs ? 'neither answered nor closed' : complaint(received, isHead(stream));
  if (what === undefined) return;
  const key = `${stream.kind}: ${what}`;
  report.faults.set(key, (report.faults.get(key) ?? 0) + 1);
}

/** Sends hostile streams to the emulator. Rejects when it crashes. */
export async function fuzzStreams(
  target: Target,
  { count, seed }: { count: number; seed: number },
  onProgress: (done: number) => void,
): Promise<StreamsReport> {
  const report: StreamsReport = { streams: 0, answered: 0, closed: 0, faults: new Map() };
  for (let done = 0; done < count; done += BATCH) {
    const batch = streams(Math.min(BATCH, count - done), seed + done);
    const left = batch[Symbol.iterator]();
    const worker = async () => {
      for (const stream of left) await one(target, stream, report);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await target.check();
    onProgress(done + batch.length);
  }
  return report;
}
