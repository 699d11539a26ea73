package radedit.graph;

import radedit.tensor.Shape;

/**
 * A parameter of a network.
 *
 * @param name
 *            its published name
 * @param shape
 *            its published shape: linear [out, in], convolution [out, in, h, w]
 */
public record Weight(String name, Shape shape) {}
