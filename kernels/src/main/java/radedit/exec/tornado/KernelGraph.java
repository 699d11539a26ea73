package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.WorkerGrid2D;

/**
 * A TornadoVM graph of one task.
 *
 * @param number
 *            of the graph in the device's execution plan
 * @param source
 *            name of its generated source; graphs that differ only in the arrays they are given share it
 * @param grid
 *            of the next launch; set before each
 */
record KernelGraph(int number, String source, WorkerGrid2D grid) {}
