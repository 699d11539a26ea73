package radedit.tools.pickle;

/**
 * Instructions of pickle protocols 2 to 5, named as in Python's pickletools. The constants are the supported ones; the
 * others are named in refusals only.
 */
final class Opcodes {
    static final int PROTO = 0x80;
    static final int FRAME = 0x95;
    static final int STOP = '.';
    static final int MARK = '(';
    static final int POP = '0';
    static final int POP_MARK = '1';
    static final int DUP = '2';

    static final int NONE = 'N';
    static final int NEWTRUE = 0x88;
    static final int NEWFALSE = 0x89;
    static final int BININT = 'J';
    static final int BININT1 = 'K';
    static final int BININT2 = 'M';
    static final int LONG1 = 0x8A;
    static final int LONG4 = 0x8B;
    static final int BINFLOAT = 'G';
    static final int BINSTRING = 'T';
    static final int SHORT_BINSTRING = 'U';
    static final int BINUNICODE = 'X';
    static final int SHORT_BINUNICODE = 0x8C;
    static final int BINUNICODE8 = 0x8D;
    static final int BINBYTES = 'B';
    static final int SHORT_BINBYTES = 'C';
    static final int BINBYTES8 = 0x8E;
    static final int BYTEARRAY8 = 0x96;

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
    static final int EMPTY_SET = 0x8F;
    static final int ADDITEMS = 0x90;
    static final int FROZENSET = 0x91;

    static final int BINPUT = 'q';
    static final int LONG_BINPUT = 'r';
    static final int MEMOIZE = 0x94;
    static final int BINGET = 'h';
    static final int LONG_BINGET = 'j';

    static final int GLOBAL = 'c';
    static final int STACK_GLOBAL = 0x93;
    static final int REDUCE = 'R';
    static final int NEWOBJ = 0x81;
    static final int NEWOBJ_EX = 0x92;
    static final int INST = 'i';
    static final int OBJ = 'o';
    static final int BUILD = 'b';
    static final int BINPERSID = 'Q';

    private static final String[] NAMES = new String[256];

    static {
        String names = """
                28 MARK    29 EMPTY_TUPLE    2e STOP    30 POP    31 POP_MARK    32 DUP    42 BINBYTES    43 SHORT_BINBYTES
                46 FLOAT    47 BINFLOAT    49 INT    4a BININT    4b BININT1    4c LONG    4d BININT2    4e NONE    50 PERSID
                51 BINPERSID    52 REDUCE    53 STRING    54 BINSTRING    55 SHORT_BINSTRING    56 UNICODE    58 BINUNICODE
                5d EMPTY_LIST    61 APPEND    62 BUILD    63 GLOBAL    64 DICT    65 APPENDS    67 GET    68 BINGET
                69 INST    6a LONG_BINGET    6c LIST    6f OBJ    70 PUT    71 BINPUT    72 LONG_BINPUT    73 SETITEM
                74 TUPLE    75 SETITEMS    7d EMPTY_DICT    80 PROTO    81 NEWOBJ    82 EXT1    83 EXT2    84 EXT4
                85 TUPLE1    86 TUPLE2    87 TUPLE3    88 NEWTRUE    89 NEWFALSE    8a LONG1    8b LONG4
                8c SHORT_BINUNICODE    8d BINUNICODE8    8e BINBYTES8    8f EMPTY_SET    90 ADDITEMS    91 FROZENSET
                92 NEWOBJ_EX    93 STACK_GLOBAL    94 MEMOIZE    95 FRAME    96 BYTEARRAY8    97 NEXT_BUFFER
                98 READONLY_BUFFER
                """;
        for (String entry : names.strip().split("\\s{2,}|\n")) {
            NAMES[Integer.parseInt(entry, 0, 2, 16)] = entry.substring(3);
        }
    }

    private Opcodes() {
    }

    /** The name of an instruction. */
    static String name(int opcode) {
        String name = NAMES[opcode];
        return name == null ? String.format("0x%02x, which does not exist", opcode) : name;
    }
}
