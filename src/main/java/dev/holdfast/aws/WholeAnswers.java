package dev.holdfast.aws;

import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Reads objects that a later write replaces as a whole. The SDK's shapes lose the members that AWS has added since this
 * version of the SDK, so that a write would delete them. Such an answer is refused, and nothing is written.
 */
public final class WholeAnswers {
    static final ScopedValue<UnknownMembers> CURRENT = ScopedValue.newInstance();

    private WholeAnswers() {}

    /**
     * Makes calls of a service that answers in XML (REST).
     *
     * @throws IncompleteAnswerException if an answer has members that the SDK does not know
     */
    public static <T> T read(Supplier<T> calls) {
        UnknownMembers found = new UnknownMembers(new TreeSet<>());
        T answer = ScopedValue.where(CURRENT, found).call(calls::get);
        if (!found.paths().isEmpty()) {
            throw new IncompleteAnswerException(List.copyOf(found.paths()));
        }
        return answer;
    }
}
