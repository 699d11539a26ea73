package radedit.exec;

import radedit.graph.Graph;
import radedit.weights.WeightStore;

/**
 * A graph that is going to run.
 *
 * @param graph
 *            the graph
 * @param weights
 *            its parameters; only their types and shapes are read
 */
public record PlannedGraph(Graph graph, WeightStore weights) {
}
