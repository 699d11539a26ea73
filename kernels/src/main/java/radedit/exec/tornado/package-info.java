/** The networks on a GPU, through TornadoVM. Compiled only where its SDK is installed. */
package radedit.exec.tornado;
