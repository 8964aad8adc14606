package dev.holdfast.twin;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The last requests to a twin, and the counts of all requests since the last reset. */
public final class TwinLog {
    private static final int KEPT = 20_000;

    private final ArrayDeque<LoggedRequest> requests = new ArrayDeque<>();
    private final Map<Counted, Long> counts = new HashMap<>();
    private long sequence;

    /**
     * The properties by which requests are counted.
     *
     * @param app null if the caller names no app
     */
    public record Counted(String caller, @Nullable String app, String operation, boolean write) {}

    /** @return the same request with its sequence number */
    synchronized LoggedRequest add(LoggedRequest request) {
        LoggedRequest placed = request.withSequence(++sequence);
        if (requests.size() == KEPT) {
            requests.removeFirst();
        }
        requests.addLast(placed);
        counts.merge(new Counted(request.caller(), request.app(), request.operation(), request.write()), 1L, Long::sum);
        return placed;
    }

    /** Deletes all entries and counts; the sequence numbers continue. */
    public synchronized void reset() {
        requests.clear();
        counts.clear();
    }

    /** The last 20,000 requests, the oldest first. */
    public synchronized List<LoggedRequest> requests() {
        return new ArrayList<>(requests);
    }

    /** The writes among the last 20,000 requests, including refused ones. */
    public List<LoggedRequest> writes() {
        return requests().stream().filter(LoggedRequest::write).toList();
    }

    /** The number of requests for each operation. */
    public synchronized SortedMap<String, Long> counts(Predicate<Counted> filter) {
        SortedMap<String, Long> found = new TreeMap<>();
        counts.forEach((key, count) -> {
            if (filter.test(key)) {
                found.merge(key.operation(), count, Long::sum);
            }
        });
        return found;
    }

    public synchronized long count(Predicate<Counted> filter) {
        return counts.entrySet().stream()
                .filter(e -> filter.test(e.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    synchronized Map<Counted, Long> counts() {
        return new HashMap<>(counts);
    }
}
