import { setFlagsFromString } from 'node:v8';

/** Reading 100,000 rows leaves little of what it allocates: V8 would let the heap grow far beyond that before it collects. */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
