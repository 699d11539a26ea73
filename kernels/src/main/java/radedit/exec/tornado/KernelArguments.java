package radedit.exec.tornado;

/** Arguments of a launch: a record for each kernel, which alone knows the kernel's slots. */
sealed interface KernelArguments
        permits Launch, StoreKernels.Make, StoreKernels.Store, StoreKernels.StoreWeights, StoreKernels.Clear {
    Grid grid();

    /** Writes each argument to the slot where the kernel reads it. */
    void encode(Slots to);
}
