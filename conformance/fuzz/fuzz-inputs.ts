import { Agent, request } from 'node:http';
import { samples, type Sample } from './inputs';
import { type Dispute, KNOWN_REASONS, withoutNulls } from './known-reasons';
import type { Oracle } from './oracle';
import type { Target } from './target';

const BATCH = 1_000;
const IN_FLIGHT = 16;

/** What came of the inputs. */
export interface InputsReport {
  inputs: number;
  allowed: number;
  refused: number;
  /** Disagreements by their known reason. */
  known: Map<string, number>;
  /** Disagreements without one, and answers that are neither a success nor a documented refusal; the first few. */
  faults: string[];
  faultCount: number;
}

interface Answer {
  type: string | undefined;
  message: string;
  status: number;
}

/** The errors that come after the input was found good. */
const AFTER_VALIDATION = new Set(['DryRunOperation', 'ResourceNotFoundException']);

function post(agent: Agent, url: URL, { service, operation, input }: Sample): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(JSON.stringify(input));
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': body.length,
      'x-amz-target': `${service}.${operation}`,
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const answer = JSON.parse(Buffer.concat(chunks).toString() || '{}') as { __type?: string; Message?: string };
        resolve({ type: answer.__type, message: answer.Message ?? '', status: response.statusCode ?? 0 });
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Whether the emulator took the input for a good one; undefined for an answer that says neither. */
function verdictOf({ type, status }: Answer): boolean | undefined {
  if (status === 200 && type === undefined) return true;
  if (type !== undefined && AFTER_VALIDATION.has(type)) return true;
  return type === 'InvalidInputException' && status === 400 ? false : undefined;
}

const shown = (sample: Sample) => `${sample.operation} ${JSON.stringify(sample.input)}`.slice(0, 400);

class InputFuzzer {
  readonly report: InputsReport = { inputs: 0, allowed: 0, refused: 0, known: new Map(), faults: [], faultCount: 0 };
  private readonly agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });

  constructor(
    private readonly target: Target,
    private readonly oracle: Oracle,
  ) {}

  async one(sample: Sample): Promise<void> {
    const [answer, allows] = await Promise.all([post(this.agent, this.target.url, sample), this.oracle.allows(sample)]);
    const verdict = verdictOf(answer);
    this.report.inputs += 1;
    if (verdict === undefined) return this.fault(`${answer.status} ${answer.type}: ${answer.message}`, sample);
    this.report[verdict ? 'allowed' : 'refused'] += 1;
    if (verdict !== allows) await this.dispute(sample, allows, answer.message);
  }

  private async dispute(sample: Sample, allows: boolean, message: string): Promise<void> {
    const allowedWithoutNulls = await this.oracle.allows({ ...sample, input: withoutNulls(sample.input) });
    const dispute: Dispute = { sample, allowedBy: allows ? 'oracle' : 'emulator', message, allowedWithoutNulls };
    const known = KNOWN_REASONS.find(({ fits }) => fits(dispute));
    if (!known) return this.fault(`only the ${dispute.allowedBy} allows it (${message})`, sample);
    this.report.known.set(known.reason, (this.report.known.get(known.reason) ?? 0) + 1);
  }

  private fault(what: string, sample: Sample): void {
    this.report.faultCount += 1;
    if (this.report.faults.length < 10) this.report.faults.push(`${what}: ${shown(sample)}`);
  }

  stop(): void {
    this.agent.destroy();
  }
}

/** Sends inputs to the emulator and to the oracle, and compares what they say. Rejects when the emulator crashes. */
export async function fuzzInputs(
  target: Target,
  oracle: Oracle,
  { count, seed }: { count: number; seed: number },
  onProgress: (done: number) => void,
): Promise<InputsReport> {
  const fuzzer = new InputFuzzer(target, oracle);
  try {
    for (let done = 0; done < count; done += BATCH) {
      const batch = samples(Math.min(BATCH, count - done), seed + done);
      await Promise.all(batch.map((sample) => fuzzer.one(sample)));
      await target.check();
      await target.reset();
      onProgress(done + batch.length);
    }
    return fuzzer.report;
  } finally {
    fuzzer.stop();
  }
}
