package dev.holdfast.desired;

import java.util.List;

/** Texts of an envelope that passed its check, with escapes undone. Only specs are resolved later. */
final class EnvelopeText {
    private EnvelopeText() {}

    /** @throws IllegalStateException if the member is not a text */
    static String text(LocatedJson.Obj object, String name) {
        String text = object.text(name);
        if (text == null) {
            throw new IllegalStateException(name + " is not a text");
        }
        return unescaped(text);
    }

    static List<String> texts(LocatedJson list) {
        return list instanceof LocatedJson.Arr a
                ? a.elements().stream()
                        .map(LocatedJson::text)
                        .filter(java.util.Objects::nonNull)
                        .map(EnvelopeText::unescaped)
                        .toList()
                : List.of();
    }

    static String unescaped(String text) {
        return text.replace("$${", "${");
    }
}
