package radedit.graph;

import radedit.tensor.Shape;

/** A parameter under its published name, in its published shape (linear [out, in], convolution [out, in, h, w]). */
public record Weight(String name, Shape shape) {}
