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
 * Keeps what need not be read in each pass, and spreads its reads over the passes: a share in each one, the oldest first, so that
 * none is older than an age and no pass makes all of them. Safe for use by many threads.
 *
 * @param <K> names a read; its text is unique
 */
final class RotatedReads<K> {
    /**
     * @param value what was read; null: there is none
     * @param requests that the read took
     */
    record KeptRead(@Nullable Object value, Instant at, int requests) {}

    private final Map<K, KeptRead> kept = new ConcurrentHashMap<>();
    /** Those that are to be read in this pass and have not been. */
    private volatile Set<K> due = ConcurrentHashMap.newKeySet();

    /** Those of them that no budget can put off. */
    private Set<K> overdue = Set.of();

    private Set<K> dueLast = Set.of();
    /** Those that somebody asked for since the last full pass began: the others are not expected to take requests in this one. */
    private volatile Set<K> asked = ConcurrentHashMap.newKeySet();

    private Set<K> expected = Set.of();
    private @Nullable Instant lastPass;
    private double share;
    /**
     * Reads that earlier passes could have made, had the budget allowed it; below zero: those that they made ahead. Not requests:
     * what a read takes may change, and must not make others come earlier.
     */
    private double unspent;

    /** Requests that all rotations together may make in one pass, unless something is too old. */
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
     * A full pass begins. What cannot wait is taken off the budget at once, before anybody chooses.
     *
     * @param age that no read may exceed
     * @param budget to which the share of this pass is added
     */
    void beginPass(Instant now, Duration interval, Duration age, PassBudget budget) {
        forgetUnasked();
        expected = asked;
        expected.retainAll(kept.keySet());
        asked = ConcurrentHashMap.newKeySet();
        Duration gone = lastPass == null ? interval : Duration.between(lastPass, now);
        // The next pass may come a tenth of the interval late.
        Duration horizon = age.minus(interval).minus(interval.dividedBy(10));
        // So that in a pass whose budget a large read has used up, nothing else is overdue.
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
        // Many at once are no debt: the passes after this one read ahead, so that they are fewer the next time.
        long forced = overdue.stream().filter(expected::contains).count();
        unspent = Math.max(unspent - forced, Math.min(unspent, 0));
        lastPass = now;
    }

    /** Of all that is kept, what a pass reads again on average; at most 1. */
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

    /** Chooses what this pass reads again: what is overdue, and the oldest of the rest as far as the budget goes. */
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

    /** What was due and was not read is no longer asked for: it would stay the oldest for ever. */
    private void forgetUnasked() {
        Instant then = lastPass;
        if (then != null) {
            kept.entrySet()
                    .removeIf(e ->
                            dueLast.contains(e.getKey()) && e.getValue().at().isBefore(then));
        }
    }

    /** No full pass is under way: nothing is due. */
    void beginLook() {
        due = ConcurrentHashMap.newKeySet();
    }

    /** What was read last, unless it is due or was never read. */
    @Nullable
    KeptRead current(K key) {
        asked.add(key);
        return due.contains(key) ? null : kept.get(key);
    }

    /** When it was read last; null: it is not kept. */
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

    /** What a kept read takes is known better now. */
    void cost(K key, int requests) {
        kept.computeIfPresent(key, (k, read) -> new KeptRead(read.value(), read.at(), requests));
    }

    void keep(K key, KeptRead read) {
        asked.add(key);
        kept.put(key, read);
        due.remove(key);
    }

    /** @return whether one of them was kept */
    boolean forget(Predicate<K> some) {
        return kept.keySet().removeIf(some);
    }

    void forEach(BiConsumer<K, KeptRead> each) {
        kept.forEach(each);
    }
}
