/**
 * Reads what PyTorch's torch.save wrote, as data: a pickle is a program for a small stack machine, and this package
 * runs only the instructions and knows only the names that a state dict needs. No class is loaded, no function called.
 */
package radedit.tools.pickle;
