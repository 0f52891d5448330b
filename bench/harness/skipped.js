/** A measure that this machine does not permit: no failure, and no figure. */
export class Skipped extends Error {}
