/**
 * Reads files of PyTorch's torch.save as data: a pickle is a program for a small stack machine, and this package
 * executes only the instructions and knows only the names that a state dict needs. No class is loaded, no function called.
 */
@NullMarked
package radedit.tools.pickle;

import org.jspecify.annotations.NullMarked;
