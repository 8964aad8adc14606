package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observed;
import dev.holdfast.model.Fault;
import java.util.List;

/**
 * Names the users of an object that AWS does not delete because the object is in use. A person needs these names to
 * release it.
 */
final class DependencyHolders {
    private static final int NAMED = 5;

    private DependencyHolders() {}

    /**
     * The fault with the names of the holders, if the kind can determine them. If they cannot be read, the fault says
     * so.
     */
    static <S extends Record> Fault named(Fault fault, Kind<S> kind, Observed<S> observed) {
        if (fault.category() != Fault.Category.DEPENDENCY) {
            return fault;
        }
        List<String> holders;
        try {
            holders = kind.holders(observed);
        } catch (RuntimeException e) {
            // The refused deletion is the fault that counts, even if its cause cannot be read.
            Fault unread = Faults.classify(e, kind.info().faultRules());
            return fault.saying("; its holders cannot be read: " + unread.operation() + " " + unread.code());
        }
        if (holders.isEmpty()) {
            return fault;
        }
        return fault.saying("; held by " + FewNames.of(holders, NAMED));
    }
}
