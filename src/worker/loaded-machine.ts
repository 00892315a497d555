/**
 * Options of a worker on a loaded machine. Workflow code that runs longer than this is stopped, and Node then ends the whole process
 * ("async hook stack has become corrupted", nodejs/node#38503); the SDK's 5 s pass where many processes wait for the CPU. The SDK
 * reads the option but does not list it in `WorkerOptions`; a version that does not know it leaves it alone.
 */
export const LOADED_MACHINE = { isolateExecutionTimeout: '10m' };
