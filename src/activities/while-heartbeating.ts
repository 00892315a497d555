import { heartbeat } from '@temporalio/activity';

/** A call may last longer than the heartbeat timeout: an activity heartbeat each second keeps the activity attempt from timing out, and learns of cancellation. */
const INTERVAL_MS = 1000;

/** Runs `work` while sending activity heartbeats with `details`, once a second: what they carry is serialised each time. */
export async function whileHeartbeating<T>(details: () => unknown, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => heartbeat(details()), INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
