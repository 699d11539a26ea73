package radedit.tools.pickle;

/**
 * Instructions of pickle protocols 2 to 5, under the names that Python's pickletools gives them. The constants are
 * those that a state dict needs; the others are known only so that they can be refused by name.
 */
final class Opcodes {
    static final int PROTO = 0x80;
    static final int FRAME = 0x95;
    static final int STOP = '.';
    static final int MARK = '(';

    static final int NONE = 'N';
    static final int NEWTRUE = 0x88;
    static final int NEWFALSE = 0x89;
    static final int BININT = 'J';
    static final int BININT1 = 'K';
    static final int BININT2 = 'M';
    static final int LONG1 = 0x8A;
    static final int BINFLOAT = 'G';
    static final int BINSTRING = 'T';
    static final int SHORT_BINSTRING = 'U';
    static final int BINUNICODE = 'X';
    static final int SHORT_BINUNICODE = 0x8C;
    static final int BINUNICODE8 = 0x8D;

    static final int EMPTY_TUPLE = ')';
    static final int TUPLE = 't';
    static final int TUPLE1 = 0x85;
    static final int TUPLE2 = 0x86;
    static final int TUPLE3 = 0x87;
    static final int EMPTY_LIST = ']';
    static final int APPEND = 'a';
    static final int APPENDS = 'e';
    static final int EMPTY_DICT = '}';
    static final int SETITEM = 's';
    static final int SETITEMS = 'u';

    static final int BINPUT = 'q';
    static final int LONG_BINPUT = 'r';
    static final int MEMOIZE = 0x94;
    static final int BINGET = 'h';
    static final int LONG_BINGET = 'j';

    static final int GLOBAL = 'c';
    static final int STACK_GLOBAL = 0x93;
    static final int REDUCE = 'R';
    static final int BUILD = 'b';
    static final int BINPERSID = 'Q';

    private static final String[] REFUSED = new String[256];

    static {
        String names = """
                30 POP    31 POP_MARK    32 DUP    46 FLOAT    49 INT    4c LONG    50 PERSID    53 STRING    56 UNICODE
                64 DICT    67 GET    69 INST    6c LIST    6f OBJ    70 PUT    81 NEWOBJ    82 EXT1    83 EXT2    84 EXT4
                8b LONG4    42 BINBYTES    43 SHORT_BINBYTES    8e BINBYTES8    8f EMPTY_SET    90 ADDITEMS
                91 FROZENSET    92 NEWOBJ_EX    96 BYTEARRAY8    97 NEXT_BUFFER    98 READONLY_BUFFER
                """;
        for (String entry : names.strip().split("\\s{2,}|\n")) {
            REFUSED[Integer.parseInt(entry, 0, 2, 16)] = entry.substring(3);
        }
    }

    private Opcodes() {
    }

    /** What to call an instruction that is not carried out. */
    static String refused(int opcode) {
        String name = REFUSED[opcode];
        return name == null ? String.format("0x%02x, which no pickle has", opcode) : name;
    }
}
