import { startControlPlane } from '../../cluster/controlPlane/controlPlane.ts';
import { provideServer } from './setup.ts';

export default provideServer('real', (directory) => startControlPlane({ directory }));
