package radedit.exec.tornado;

/** One launch of a compute kernel. */
sealed interface Launch extends KernelArguments
        permits Gemm, WinogradInput, WinogradOutput, Attention, RoundedAttention, GroupNorm, RowNorm,
        RoundValues, Elementwise, CopyRows, MaxPool, MeanPool, LatentOperation {
    Kernel kernel();
}
