package dev.holdfast.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
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

    private Set<K> dueLast = Set.of();
    private @Nullable Instant lastPass;
    private Instant tooOld = Instant.MIN;
    private double share;
    /** Requests that earlier passes could have made, had the budget allowed it; below zero: those that they made ahead. */
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
     * A full pass begins.
     *
     * @param age that no read may exceed
     * @param budget to which the share of this pass is added
     */
    void beginPass(Instant now, Duration interval, Duration age, PassBudget budget) {
        forgetUnasked();
        Duration gone = lastPass == null ? interval : Duration.between(lastPass, now);
        // The next pass may come a tenth of the interval late.
        Duration horizon = age.minus(interval).minus(interval.dividedBy(10));
        // Passes in which others have used up the budget.
        Duration spare = interval.multipliedBy(age.dividedBy(interval) / 20);
        long within = Math.max(interval.toMillis(), horizon.minus(spare).toMillis());
        share = Math.min(1, (double) gone.toMillis() / within);
        double granted = share * all();
        budget.grant(granted);
        unspent = Math.min(unspent + granted, all());
        tooOld = now.minus(horizon);
        lastPass = now;
    }

    /** Of all that is kept, what a pass reads again on average; at most 1. */
    double share() {
        return share;
    }

    private int all() {
        return kept.values().stream().mapToInt(KeptRead::requests).sum();
    }

    /** Chooses what this pass reads again: what is too old, and the oldest as far as the budget goes. */
    void choose(PassBudget budget) {
        Set<K> chosen = ConcurrentHashMap.newKeySet();
        for (Map.Entry<K, KeptRead> read : oldestFirst()) {
            int requests = read.getValue().requests();
            if (unspent > 0 && !budget.isSpent()) {
                unspent -= requests;
            } else if (!read.getValue().at().isBefore(tooOld)) {
                break;
            }
            chosen.add(read.getKey());
            budget.spend(requests);
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
        return due.contains(key) ? null : kept.get(key);
    }

    boolean isDue(K key) {
        return due.contains(key);
    }

    boolean isKept(K key) {
        return kept.containsKey(key);
    }

    void keep(K key, KeptRead read) {
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
