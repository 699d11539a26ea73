package radedit.exec.tornado;

/** What a kernel is launched with: a record for each kernel, the one place that knows the kernel's slots. */
sealed interface KernelArguments
        permits Launch, StoreKernels.Make, StoreKernels.Store, StoreKernels.StoreWeights, StoreKernels.Clear {
    Grid grid();

    /** Writes each argument to the slot where the kernel reads it. */
    void encode(Slots to);
}
