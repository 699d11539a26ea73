package radedit.exec;

import radedit.graph.Graph;
import radedit.weights.WeightStore;

/**
 * A graph that is going to run.
 *
 * @param weights
 *            where its parameters lie; only their types and shapes are looked at
 */
public record Planned(Graph graph, WeightStore weights) {
}
