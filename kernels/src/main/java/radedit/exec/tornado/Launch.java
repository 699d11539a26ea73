package radedit.exec.tornado;

/** One launch of a kernel that computes. */
sealed interface Launch extends KernelArguments
        permits Gemm, WinogradInput, WinogradOutput, Attention, GroupNorm, RowNorm,
        Elementwise, CopyRows, MaxPool, MeanPool, LatentOperation {
    Kernel kernel();
}
