package dev.holdfast.model;

import java.util.Arrays;
import java.util.List;

/** The syntax of JSON pointers: segments behind slashes, with the characters ~ and / of a name escaped. */
public final class JsonPointers {
    private JsonPointers() {}

    /** A name as a segment of a pointer. */
    public static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** The names in a pointer, without the escapes; the empty pointer has none. */
    public static List<String> names(String pointer) {
        return Arrays.stream(pointer.split("/", -1))
                .skip(1)
                .map(segment -> segment.replace("~1", "/").replace("~0", "~"))
                .toList();
    }

    /** Whether a path is the pointer's, or lies below it. */
    public static boolean covers(String pointer, String path) {
        return path.equals(pointer) || path.startsWith(pointer + "/");
    }
}
