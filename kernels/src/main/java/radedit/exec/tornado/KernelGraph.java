package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.WorkerGrid2D;

/**
 * A TornadoVM graph of one task.
 *
 * @param number
 *            index of the graph in the device's execution plan
 * @param source
 *            name of its generated source; graphs that differ only in their arrays share it
 * @param grid
 *            grid of the next launch; set before each
 */
record KernelGraph(int number, String source, WorkerGrid2D grid) {}
