package radedit.exec.tornado;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

/** {@link VectorReads} joins four reads of neighbours, and nothing else. */
class TornadoVectorReadsTest {
    private static String of(String... lines) {
        return VectorReads.of("  __local float adf_4[64];\n" + String.join("\n", lines));
    }

    @Test
    void neighboursAreJoined() {
        assertEquals("""
                  __local float adf_4[64] __attribute__((aligned(16)));
                  i_9  =  i_5 + 8;
                  float4 v4_f_1 = *((__local float4 *) &adf_4[i_9]); f_1 = v4_f_1.s0; f_2 = v4_f_1.s1;\
                 f_3 = v4_f_1.s2; f_4 = v4_f_1.s3;
                  i_6  =  i_5 + 9;

                  i_7  =  i_5 + 10;

                  i_8  =  i_5 + 11;

                """, of("  i_9  =  i_5 + 8;", "  f_1  =  adf_4[i_9];", "  i_6  =  i_5 + 9;", "  f_2  =  adf_4[i_6];",
                "  i_7  =  i_5 + 10;", "  f_3  =  adf_4[i_7];", "  i_8  =  i_5 + 11;", "  f_4  =  adf_4[i_8];"));
    }

    @Test
    void othersAreNot() {
        String[] three = {"  f_1  =  adf_4[i_5];", "  i_6  =  i_5 + 1;", "  f_2  =  adf_4[i_6];", "  i_7  =  i_5 + 2;",
                "  f_3  =  adf_4[i_7];"};
        for (String fourth : new String[]{"  i_8  =  i_5 + 4;\n  f_4  =  adf_4[i_8];",
                "  i_8  =  i_6 + 3;\n  f_4  =  adf_4[i_8];", "  barrier(CLK_LOCAL_MEM_FENCE);\n  f_4  =  adf_4[i_8];",
                "  i_8  =  i_5 + 3;\n  adf_4[i_8]  =  f_3;\n  f_4  =  adf_4[i_8];",
                "  i_8  =  i_5 + 3;\n  f_4  =  other[i_8];"}) {
            String source = String.join("\n", three) + "\n" + fourth;
            assertFalse(of(source).contains("float4"), fourth);
        }
    }
}
