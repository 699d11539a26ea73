package radedit.tools.pickle;

/** A run of bytes that is passed over, as nothing in a state dict is made of it; compared by identity. */
final class Bytes {}
