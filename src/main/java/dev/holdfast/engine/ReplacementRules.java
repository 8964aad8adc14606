package dev.holdfast.engine;

import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Unique;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ReplacementOrder;
import java.util.Objects;

/** Decides whether a replacement creates or deletes first. Pure. */
final class ReplacementRules {
    private ReplacementRules() {}

    /** Deletes first if both would collide: the same name or unique field, or the kind says so. */
    static <S extends Record> ReplacementOrder order(ManagedResource<S> target, Presence presence) {
        if (target.bound() == null || !(presence instanceof Presence.Present p)) {
            return ReplacementOrder.CreateFirst;
        }
        S desired = target.bound().spec();
        S observed = target.kind().info().spec().cast(p.known().spec());
        if (target.kind().inOneCall(desired, observed)) {
            return ReplacementOrder.OneCall;
        }
        return keeps(desired, observed) || target.kind().mustGoFirst(desired, observed)
                ? ReplacementOrder.DeleteFirst
                : ReplacementOrder.CreateFirst;
    }

    private static boolean together(Unique unique, Record desired, Record observed) {
        return unique.within().isEmpty()
                || SpecModel.of(desired.getClass())
                        .field(unique.within())
                        .filter(f -> Objects.equals(f.read(desired), f.read(observed)))
                        .isPresent();
    }

    private static boolean keeps(Record desired, Record observed) {
        for (Field field : SpecModel.of(desired.getClass()).fields()) {
            Object want = field.read(desired);
            Object have = field.read(observed);
            Unique unique = field.get(Unique.class);
            boolean meets = field.has(PhysicalName.class) || (unique != null && together(unique, desired, observed));
            if (meets && want != null && want.equals(have)) {
                return true;
            }
            if (want instanceof Record inner && have instanceof Record there && keeps(inner, there)) {
                return true;
            }
        }
        return false;
    }
}
