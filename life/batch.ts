import { setMaxListeners } from 'node:events';
import { seededRandom } from '../src/emulator/faults/seeded-random';
import { haveTime } from '../chaos/pace';
import { World } from '../chaos/world';
import { BUGS_QUEUE, LIFE_QUEUE, NEXT_UPDATE_SECONDS, Player } from './player';
import { programmeOf } from './programme';
import { attended, differencesOf, isSettled } from './referee';
import { weather } from './weather';

/** The code with a bug runs so long; then it is mended. */
const BUG_SECONDS = 15;
/** Until what was reported last has arrived. */
const SETTLE_SECONDS = 120;
const WITH_BUG = require.resolve('./with-bug');
const MENDED = require.resolve('./mended');

/** Plays the programmes of the seeds at once, in a world of their own, and compares. */
export async function playBatch(
  { from, until, calm }: { from: number; until: number; calm: boolean },
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<{ differences: string[]; tasks: number }> {
  const closers: (() => unknown)[] = [];
  const failed = new AbortController();
  const context = {
    short: false,
    random: seededRandom(from),
    log,
    signal: AbortSignal.any([signal, failed.signal]),
    fail: (error: Error) => failed.abort(error),
    defer: (close: () => unknown) => closers.push(close),
  };
  setMaxListeners(0, context.signal);
  try {
    const world = await World.make(context, { keepsState: true });
    const programmes = Array.from({ length: until - from }, (_, i) => programmeOf(from + i));
    const stuck = await play(world, programmes, calm);
    const tasks = programmes.reduce((sum, programme) => sum + programme.tasks.length, 0);
    const shown = programmes.flatMap((programme) => differencesOf(world.emulator, programme));
    return { differences: [...stuck, ...shown], tasks };
  } catch (error) {
    throw failed.signal.aborted ? failed.signal.reason : error;
  } finally {
    for (const close of closers.reverse()) await Promise.resolve(close()).catch(() => undefined);
  }
}

async function play(world: World, programmes: ReturnType<typeof programmeOf>[], calm: boolean): Promise<string[]> {
  const workers = [
    await world.startHubWorker({ groups: undefined }),
    await world.startHubWorker({ groups: undefined }),
  ];
  await world.runWorker(LIFE_QUEUE, MENDED);
  const stopBugs = await world.runWorker(BUGS_QUEUE, WITH_BUG);
  const stuck: string[] = [];
  const players = programmes.map((programme) => new Player(world, programme));
  const playing = Promise.all(
    players.map(async (player, i) => {
      try {
        await player.play();
      } catch (error) {
        if (world.context.signal.aborted) throw error;
        stuck.push(`seed ${programmes[i]?.seed}: ${(error as Error).message}`);
      }
    }),
  );
  let isOver = false;
  const haveTimeLeft = () => haveTime(attended(world.emulator, programmes), NEXT_UPDATE_SECONDS / 2);
  const around = calm ? undefined : weather(world, workers, haveTimeLeft, () => isOver);
  const mending = world.sleep(BUG_SECONDS).then(async () => {
    await stopBugs();
    await world.runWorker(BUGS_QUEUE, MENDED);
  });
  for (const each of [playing, around, mending]) each?.catch((error: Error) => world.context.fail(error));
  await Promise.all([playing, mending]);
  isOver = true;
  await around;
  await world.until(SETTLE_SECONDS, () => isSettled(world.emulator, programmes), 1);
  // What is open must stay fresh.
  await world.sleep(NEXT_UPDATE_SECONDS);
  return [...stuck, ...(await Promise.all(players.map((player) => player.misread()))).flat()];
}
