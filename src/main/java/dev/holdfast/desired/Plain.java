package dev.holdfast.desired;

import java.util.List;

/** Values of an envelope that passed its check, escapes undone: outside specs nothing is resolved later. */
final class Plain {
    private Plain() {}

    /** @throws IllegalStateException if the member is not text */
    static String text(Located.Obj object, String name) {
        String text = object.text(name);
        if (text == null) {
            throw new IllegalStateException(name + " was to be text");
        }
        return unescaped(text);
    }

    static List<String> texts(Located list) {
        return list instanceof Located.Arr a
                ? a.elements().stream()
                        .map(Located::text)
                        .filter(java.util.Objects::nonNull)
                        .map(Plain::unescaped)
                        .toList()
                : List.of();
    }

    static String unescaped(String text) {
        return text.replace("$${", "${");
    }
}
