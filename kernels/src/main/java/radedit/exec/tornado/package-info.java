/**
 * Runs networks on a GPU through TornadoVM. Compiled only where its SDK is installed.
 *
 * <p>
 * <b>Arithmetic</b> is float32 (IEEE 754 binary32, subnormal numbers included where the device has them). No other elementary
 * functions are used: silu, gelu and softmax are composed of these operations ({@link Activations}).
 *
 * <table>
 * <caption>Largest error of an operation, in units in the last place (ulp)</caption>
 * <tr><th>TornadoVM's driver</th><th>+ - *</th><th>/</th><th>sqrt</th><th>exp</th></tr>
 * <tr><td>OpenCL, device with CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT</td><td>correctly rounded</td><td>correctly rounded</td>
 * <td>correctly rounded</td><td>3</td></tr>
 * <tr><td>OpenCL, other devices, and SPIR-V</td><td>correctly rounded</td><td>2.5</td><td>3</td><td>3</td></tr>
 * <tr><td>CUDA</td><td>correctly rounded</td><td>correctly rounded</td><td>correctly rounded</td><td>2</td></tr>
 * <tr><td>PTX</td><td>correctly rounded</td><td>2</td><td>correctly rounded</td><td>4 + |x|</td></tr>
 * </table>
 *
 * <p>
 * These are bounds of OpenCL 1.2 (section 7.4, full profile), of the CUDA C++ Programming Guide (mathematical functions) and of
 * the PTX ISA ({@code div.full}, {@code sqrt.rn}, {@code ex2.approx}); on PoCL they are measured by TornadoRoundingTest. A
 * product and the sum it goes into may be contracted to a fused multiply-add, rounded once, as OpenCL C and NVRTC allow by
 * default. Roundings of operands to fewer bits ({@link Rounding}) are exact, but for numbers that are subnormal in float32 on a
 * device that has none. The error function is a polynomial with an absolute error of 1.2e-7 ({@link Activations#gelu}). Fast
 * maths, for OpenCL only, voids all of these bounds.
 *
 * <p>
 * {@link CompilerFlags} turns TornadoVM's own approximations off ({@code native_sqrt}, {@code rsqrt}, {@code mad}) and passes
 * {@code -cl-fp32-correctly-rounded-divide-sqrt} to drivers that support it. The flags are part of every picture's metadata.
 */
package radedit.exec.tornado;
