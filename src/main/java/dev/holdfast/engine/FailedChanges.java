package dev.holdfast.engine;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observed;
import dev.holdfast.model.Fault;
import dev.holdfast.state.ResourceRecord.RepairMemory;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads why a change that AWS accepted did not take effect, before the change is sent again. Otherwise it would be sent
 * for ever.
 */
final class FailedChanges {
    private FailedChanges() {}

    /** @return null if the change was not sent before, or if AWS reports no failure */
    static <S extends Record> @Nullable Fault of(
            Kind<S> kind, Observed<S> observed, RepairMemory memory, String fingerprint, Instant now) {
        if (memory.writtenAt() == null || !LoopBreaker.isSentAgain(memory, fingerprint, now)) {
            return null;
        }
        String why = kind.failure(observed, memory.writtenAt());
        return why == null
                ? null
                : new Fault(Fault.Category.INVALID, "ChangeFailed", why + "; 'retry' sends the change again", "", null);
    }
}
