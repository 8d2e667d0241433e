/** Which GPUs an engine sees: the drivers read that from the environment, once, as its process starts. Pure. */

/** What a process is told, and what it would see without that. */
type Environment = Readonly<Record<string, string | undefined>>;

/** CUDA and Vulkan; Metal has one GPU. */
const variables = ['CUDA_VISIBLE_DEVICES', 'GGML_VK_VISIBLE_DEVICES'] as const;

/**
 * @param devices numbers in the backend's order; undefined: all
 * @param env of this process; where it names GPUs already, the numbers count those
 */
export function deviceVariables(devices: readonly number[] | undefined, env: Environment): Record<string, string> {
  if (!devices) return {};
  return Object.fromEntries(variables.map((name) => [name, chosen(devices, env[name])]));
}

function chosen(devices: readonly number[], visible: string | undefined): string {
  const names = visible?.split(',').map((name) => name.trim());
  // One that is not there stays a number that is not there: the backend then says that it cannot be had.
  return devices.map((device) => (names ? (names[device] ?? '-1') : String(device))).join(',');
}
