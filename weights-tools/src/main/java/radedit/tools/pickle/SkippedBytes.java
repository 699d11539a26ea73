package radedit.tools.pickle;

/** A byte string whose content is skipped, since state dicts do not use any; compared by identity. */
final class SkippedBytes {}
