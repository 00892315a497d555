import { heartbeat } from '@temporalio/activity';

/** A call may last longer than the heartbeat timeout: this says every second that the attempt lives, and learns of cancellation. */
const BEAT_MS = 1000;

/** Runs `work` while sending activity heartbeats with `details`; `beat` sends one at once. */
export async function whileHeartbeating<T>(details: () => unknown, work: (beat: () => void) => Promise<T>): Promise<T> {
  const beat = () => heartbeat(details());
  beat();
  const timer = setInterval(beat, BEAT_MS);
  try {
    return await work(beat);
  } finally {
    clearInterval(timer);
  }
}
