package radedit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
    private static int of(String a, String b, int most) {
        return EditDistance.of(a.codePoints().toArray(), b.codePoints().toArray(), most);
    }

    @ParameterizedTest
    @CsvSource({"effusion,effusion,0", "efusion,effusion,1", "plueral,pleural,1", "heart,hart,1", "lugn,lung,1",
            "pnuemothroax,pneumothorax,2", "neumotorax,pneumothorax,2", "kitten,sitting,3", "ca,abc,3", "ab,ba,1",
            "'',abc,3", "'','',0", "\uD835\uDC1A,a,1"})
    void countsLettersAndSwaps(String a, String b, int distance) {
        assertEquals(distance, of(a, b, 9));
        assertEquals(distance, of(b, a, 9));
        assertEquals(distance, of(a, b, distance));
        assertTrue(distance == 0 || of(a, b, distance - 1) > distance - 1);
    }
}
