/** Addresses of the node's network, which is a namespace of its own behind one pair of interfaces. */

/** The machine's end of the pair: there the API server listens. */
export const MACHINE_LINK = 'sidecarset-node';
export const MACHINE_IP = '10.99.0.2';
export const NODE_IP = '10.99.0.1';
/** Of the network between them. */
export const LINK_BITS = '30';
export const POD_NETWORK = '10.99.1.0/24';
