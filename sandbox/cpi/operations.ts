import type { CPIState, RuntimeArtifact } from './state.ts';

/** Actions of people on the tenant between two reads of the integration, for tests and the control API. */
export class Operations {
  readonly #state: CPIState;
  readonly #onChange: () => void;

  constructor(state: CPIState, onChange: () => void) {
    this.#state = state;
    this.#onChange = onChange;
  }

  /** Deploys an artifact, or deploys it again. It starts without an error unless a status is given. */
  deploy(artifact: Partial<RuntimeArtifact> & { id: string }): RuntimeArtifact {
    const known = this.#state.artifacts.find(({ id, location }) => {
      return id === artifact.id && location === artifact.location;
    });
    const deployed: RuntimeArtifact = {
      version: '1.0.0',
      name: artifact.id,
      type: 'INTEGRATION_FLOW',
      deployedBy: 'developer@example.com',
      ...known,
      deployedOn: Date.now(),
      status: 'STARTED',
      error: undefined,
      ...artifact,
    };
    if (known) Object.assign(known, deployed);
    else this.#state.artifacts.push(deployed);
    this.#onChange();
    return deployed;
  }

  /** Undeploys an artifact, from the cloud runtime unless a location is given. @returns whether it was deployed */
  undeploy(id: string, location?: string): boolean {
    const before = this.#state.artifacts.length;
    this.#state.artifacts = this.#state.artifacts.filter((one) => one.id !== id || one.location !== location);
    this.#state.endpoints = this.#state.endpoints.filter(({ name }) => name !== id);
    this.#onChange();
    return this.#state.artifacts.length < before;
  }

  /** Saves a new version at design time, with other changes if given, without deploying it. */
  saveVersion(id: string, version: string, changes: { name?: string; description?: string } = {}): void {
    const now = Date.now();
    for (const artifact of this.#state.designtime.filter((it) => it.id === id)) {
      Object.assign(artifact, { version, modifiedAt: now, draft: false }, changes);
      const ofPackage = this.#state.packages.find((it) => it.id === artifact.packageId);
      if (ofPackage) ofPackage.modifiedDate = now;
    }
    this.#onChange();
  }

  /** Saves a new version at design time and deploys it. */
  setVersion(id: string, version: string): void {
    this.saveVersion(id, version);
    this.deploy({ id, version });
  }

  /** Changes the runtime status and the text of the error; undefined for none. */
  setStatus(id: string, status: string, error?: string): void {
    const artifact = this.#state.artifacts.find((it) => it.id === id);
    if (artifact) Object.assign(artifact, { status, error });
    this.#onChange();
  }
}
