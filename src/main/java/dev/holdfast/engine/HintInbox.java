package dev.holdfast.engine;

import dev.holdfast.model.ChangeHint;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The hints that no pass has taken yet. Safe for use by many threads. */
final class HintInbox {
    /** More than a storm of events leaves between two passes, because equal hints are stored once. */
    private static final int MOST = 20_000;

    private final Set<ChangeHint> open = new LinkedHashSet<>();

    /** @return the number of hints for which there is no room; a full pass has to replace them */
    synchronized int add(List<ChangeHint> hints) {
        int left = 0;
        for (ChangeHint hint : hints) {
            if (open.size() < MOST) {
                open.add(hint);
            } else {
                left++;
            }
        }
        return left;
    }

    synchronized boolean isEmpty() {
        return open.isEmpty();
    }

    synchronized List<ChangeHint> take() {
        List<ChangeHint> all = new ArrayList<>(open);
        open.clear();
        return all;
    }

    synchronized void clear() {
        open.clear();
    }
}
