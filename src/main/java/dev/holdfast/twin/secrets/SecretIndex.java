package dev.holdfast.twin.secrets;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;

/** The list behind ListSecrets. It contains each change {@link Delay#SECRET_LIST} after the change. */
final class SecretIndex {
    /** @param entry null after the secret is deleted */
    private record IndexedState(Instant at, @Nullable SecretListEntry entry) {}

    private final TwinContext context;
    private final Map<String, List<IndexedState>> byArn = new LinkedHashMap<>();

    SecretIndex(TwinContext context) {
        this.context = context;
    }

    /** Callers invoke this after every change. */
    void changed(String arn, @Nullable SecretListEntry entry) {
        List<IndexedState> states = byArn.computeIfAbsent(arn, a -> new ArrayList<>());
        states.add(new IndexedState(context.now(), entry));
        // States before the newest visible one are never returned again.
        int newest = newestInSight(states);
        if (newest > 0) {
            states.subList(0, newest).clear();
        }
    }

    /** The visible entries, the newest first, as in AWS. */
    List<SecretListEntry> inSight() {
        List<SecretListEntry> entries = new ArrayList<>();
        for (List<IndexedState> states : byArn.values()) {
            int newest = newestInSight(states);
            SecretListEntry entry = newest < 0 ? null : states.get(newest).entry();
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries.reversed();
    }

    private int newestInSight(List<IndexedState> states) {
        for (int i = states.size() - 1; i >= 0; i--) {
            if (context.passed(Delay.SECRET_LIST, states.get(i).at())) {
                return i;
            }
        }
        return -1;
    }
}
