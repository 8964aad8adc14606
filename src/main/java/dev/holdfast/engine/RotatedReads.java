package dev.holdfast.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps results that need not be read in each pass, and spreads their reads over the passes. Each pass repeats a share,
 * the oldest first, so that no result exceeds an age and no pass makes all reads. Safe for use by many threads.
 *
 * @param <K> names a read; its text is unique
 */
final class RotatedReads<K> {
    /**
     * @param value the result; null if the read has no value
     * @param requests the number of requests of the read
     */
    record KeptRead(@Nullable Object value, Instant at, int requests) {}

    private final Map<K, KeptRead> kept = new ConcurrentHashMap<>();
    /** The reads that are due in this pass and were not made yet. */
    private volatile Set<K> due = ConcurrentHashMap.newKeySet();

    /** The due reads that cannot be postponed for the budget. */
    private Set<K> overdue = Set.of();

    private Set<K> dueLast = Set.of();
    /**
     * The reads requested since the last full pass began. The other reads are not expected to need requests in this
     * pass.
     */
    private volatile Set<K> asked = ConcurrentHashMap.newKeySet();

    private Set<K> expected = Set.of();
    private @Nullable Instant lastPass;
    private double share;
    /**
     * The number of reads that earlier passes postponed for the budget; negative if they read ahead. It counts reads
     * and not requests, because the cost of a read may change and must not make other reads earlier.
     */
    private double unspent;

    /** The requests that all rotations together may make in one pass, unless a result is too old. */
    static final class PassBudget {
        private double left;

        private void grant(double requests) {
            left += requests;
        }

        private void spend(int requests) {
            left -= requests;
        }

        private boolean isSpent() {
            return left <= 0;
        }
    }

    /**
     * A full pass begins. The overdue reads are deducted from the budget before any rotation chooses.
     *
     * @param age the maximum age of a result
     * @param budget the budget to which the share of this pass is added
     */
    void beginPass(Instant now, Duration interval, Duration age, PassBudget budget) {
        forgetUnasked();
        expected = asked;
        expected.retainAll(kept.keySet());
        asked = ConcurrentHashMap.newKeySet();
        Duration gone = lastPass == null ? interval : Duration.between(lastPass, now);
        // The next pass may come a tenth of the interval late.
        Duration horizon = age.minus(interval).minus(interval.dividedBy(10));
        // The reserve keeps other reads from being overdue in a pass whose budget a large read has used up.
        Duration spare = age.dividedBy(40);
        long within = Math.max(interval.toMillis(), horizon.minus(spare).toMillis());
        share = Math.min(1, (double) gone.toMillis() / within);
        budget.grant(share * requests(expected));
        unspent = Math.min(unspent + share * expected.size(), expected.size());
        Instant tooOld = now.minus(horizon);
        overdue = kept.entrySet().stream()
                .filter(read -> read.getValue().at().isBefore(tooOld))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        budget.spend(requests(overdue));
        // Many overdue reads at once cause no debt, so that the next passes can read ahead and spread them.
        long forced = overdue.stream().filter(expected::contains).count();
        unspent = Math.max(unspent - forced, Math.min(unspent, 0));
        lastPass = now;
    }

    /** The share of the kept results that a pass reads again on average; at most 1. */
    double share() {
        return share;
    }

    private int requests(Set<K> reads) {
        return reads.stream()
                .filter(expected::contains)
                .map(kept::get)
                .filter(Objects::nonNull)
                .mapToInt(KeptRead::requests)
                .sum();
    }

    /** Chooses the reads of this pass: the overdue ones, and the oldest of the rest within the budget. */
    void choose(PassBudget budget) {
        Set<K> chosen = ConcurrentHashMap.newKeySet();
        chosen.addAll(overdue);
        for (Map.Entry<K, KeptRead> read : oldestFirst()) {
            if (unspent <= 0 || budget.isSpent()) {
                break;
            }
            if (expected.contains(read.getKey()) && chosen.add(read.getKey())) {
                unspent--;
                budget.spend(read.getValue().requests());
            }
        }
        due = chosen;
        dueLast = Set.copyOf(chosen);
    }

    private List<Map.Entry<K, KeptRead>> oldestFirst() {
        return kept.entrySet().stream()
                .sorted(Comparator.comparing(
                                (Map.Entry<K, KeptRead> e) -> e.getValue().at())
                        .thenComparing(e -> e.getKey().toString()))
                .toList();
    }

    /**
     * Forgets results that were due and were not read: no kind requests them any more, and they would stay the oldest
     * for ever.
     */
    private void forgetUnasked() {
        Instant then = lastPass;
        if (then != null) {
            kept.entrySet()
                    .removeIf(e ->
                            dueLast.contains(e.getKey()) && e.getValue().at().isBefore(then));
        }
    }

    /** A light pass begins: no read is due. */
    void beginLook() {
        due = ConcurrentHashMap.newKeySet();
    }

    /** The last result; null if the read is due or was never made. */
    @Nullable
    KeptRead current(K key) {
        asked.add(key);
        return due.contains(key) ? null : kept.get(key);
    }

    /** The time of the last read; null if no result is kept. */
    @Nullable
    Instant readAt(K key) {
        KeptRead read = kept.get(key);
        return read == null ? null : read.at();
    }

    boolean isDue(K key) {
        asked.add(key);
        return due.contains(key);
    }

    boolean isKept(K key) {
        return kept.containsKey(key);
    }

    /** Updates the number of requests of a kept read. */
    void cost(K key, int requests) {
        kept.computeIfPresent(key, (k, read) -> new KeptRead(read.value(), read.at(), requests));
    }

    void keep(K key, KeptRead read) {
        asked.add(key);
        kept.put(key, read);
        due.remove(key);
    }

    /** @return whether any of these results was kept */
    boolean forget(Predicate<K> some) {
        return kept.keySet().removeIf(some);
    }

    void forEach(BiConsumer<K, KeptRead> each) {
        kept.forEach(each);
    }
}
