// How an engine behaves depends on its age: the one that is imitated speaks API 1.41, a newer one can be asked for.

/** What an engine speaks unless a lab asks for more. */
export const STANDARD_API = '1.41';

/** Whether an engine of this API takes several networks at create, draws MACs and gives freed pools again. */
export function isNewerEngine(apiVersion: string): boolean {
  return speaks(apiVersion, '1.44');
}

/** Whether one version of the API is another one, or later. */
export function speaks(apiVersion: string, wanted: string): boolean {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
