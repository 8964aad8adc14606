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

/** The list of ListSecrets, which shows each change {@link Delay#SECRET_LIST} after it was made. */
final class SecretIndex {
    /** @param entry null: it is gone */
    private record IndexedState(Instant at, @Nullable SecretListEntry entry) {}

    private final TwinContext context;
    private final Map<String, List<IndexedState>> byArn = new LinkedHashMap<>();

    SecretIndex(TwinContext context) {
        this.context = context;
    }

    /** To be told after every change. */
    void changed(String arn, @Nullable SecretListEntry entry) {
        List<IndexedState> states = byArn.computeIfAbsent(arn, a -> new ArrayList<>());
        states.add(new IndexedState(context.now(), entry));
        // States older than the newest visible one are never shown again.
        int newest = newestInSight(states);
        if (newest > 0) {
            states.subList(0, newest).clear();
        }
    }

    /** The newest first, as AWS lists them. */
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
