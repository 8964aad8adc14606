package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.Fault;
import dev.holdfast.state.ResourceRecord;
import java.util.List;

/** Reads the remains of a deleted resource that held data. A person who approves its creation has to know them. */
final class LostData {
    private LostData() {}

    static <S extends Record> List<String> of(ManagedResource<S> lost, SessionContext context) {
        Specs.Bound<S> bound = lost.bound();
        ResourceRecord record = lost.record();
        boolean held = lost.kind().info().stateful() && !lost.kind().info().recreate();
        if (!held || bound == null || record == null || record.physicalId() == null) {
            return List.of();
        }
        try {
            return lost.kind()
                    .remains(
                            new Desired<>(
                                    lost.id(),
                                    bound.spec(),
                                    context.stack(),
                                    context.clients().in(lost.region())),
                            record.physicalId());
        } catch (RuntimeException e) {
            // The deletion is certain, even if the remains cannot be read.
            Fault unread = Faults.classify(e, lost.kind().info().faultRules());
            return List.of("unknown, because they cannot be read: " + unread.operation() + " " + unread.code());
        }
    }
}
