package radedit.exec.reference;

/** The arithmetic of a backend's programs: how the results of single operations are rounded. */
interface Arithmetic {
    /** Double precision: nothing is rounded any further. */
    Arithmetic DOUBLE = new Arithmetic() {
        @Override
        public RunRounding run() {
            return DoubleRounding.RUN;
        }

        @Override
        public String describe() {
            return "double precision";
        }
    };

    /** {@return the roundings of the next run of a program of this backend} */
    RunRounding run();

    /** {@return a few words for people and metadata} */
    String describe();

    /** The roundings of one run of a program. */
    interface RunRounding {
        /**
         * {@return the rounding of values that the host gives}
         *
         * @param id
         *            id of the node's value
         */
        Rounding input(int id);

        /**
         * {@return the roundings of a node}
         *
         * @param id
         *            id of the node's value
         */
        NodeRounding node(int id);
    }

    /** The roundings of one node. Thread-safe. */
    @FunctionalInterface
    interface NodeRounding {
        /**
         * {@return the roundings of one task, in the order of its operations}
         *
         * @param index
         *            index of the task; tasks do not depend on the number of threads
         */
        Rounding task(int index);
    }
}
