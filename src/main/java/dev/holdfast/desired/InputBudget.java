package dev.holdfast.desired;

import java.util.IdentityHashMap;
import java.util.Map;

/** Limits the growth of one stack's documents. Params and lists that are used many times multiply their size. */
final class InputBudget {
    /** @param depth 1 for a value without members */
    private record Size(long values, long characters, int depth) {
        private Size plus(Size other) {
            return new Size(values + other.values, characters + other.characters, Math.max(depth, other.depth + 1));
        }
    }

    private final Map<LocatedJson, Size> sizes = new IdentityHashMap<>();
    private long values;
    private long characters;

    /**
     * Counts a value that is about to be copied to a location.
     *
     * @throws RefusedInput if the stack becomes too large or the value is nested too deeply
     */
    void spend(LocatedJson value, SourceLocation where) {
        Size size = sizes.computeIfAbsent(value, InputBudget::size);
        values += size.values();
        spendCharacters(size.characters(), where);
        if (values > InputCaps.VALUES) {
            throw new RefusedInput(where.problem(
                    "the stack has more than " + InputCaps.VALUES + " JSON values after the substitution of params",
                    "split the stack, or use large params less often"));
        }
    }

    /** @throws RefusedInput if the stack becomes too large */
    void spendCharacters(long more, SourceLocation where) {
        characters += more;
        if (characters > InputCaps.CHARACTERS) {
            throw new RefusedInput(where.problem(
                    "the texts of the stack have more than " + InputCaps.CHARACTERS
                            + " characters after the substitution of params",
                    "split the stack, or use large params less often"));
        }
    }

    /** @throws RefusedInput if objects and lists are nested too deeply */
    static void checkNesting(LocatedJson value) {
        if (size(value).depth() > InputCaps.NESTING) {
            throw new RefusedInput(value.location()
                    .problem(
                            "objects and lists are nested more than " + InputCaps.NESTING + " deep",
                            "flatten the value"));
        }
    }

    private static Size size(LocatedJson value) {
        Size size = new Size(
                1, value.text() == null ? 0 : value.toJson().textValue().length(), 1);
        switch (value) {
            case LocatedJson.Value v -> {}
            case LocatedJson.Arr a -> {
                for (LocatedJson element : a.elements()) {
                    size = size.plus(size(element));
                }
            }
            case LocatedJson.Obj o -> {
                for (Map.Entry<String, LocatedJson.Member> member : o.members().entrySet()) {
                    size = size.plus(size(member.getValue().value()))
                            .plus(new Size(0, member.getKey().length(), 0));
                }
            }
        }
        return size;
    }
}
