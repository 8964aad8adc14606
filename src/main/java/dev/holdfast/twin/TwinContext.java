package dev.holdfast.twin;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the twin of a service stands on: one account and region, a clock, settings, and its neighbours.
 *
 * <p>All calls of an account are made under one lock, so that the twin of a service needs none of its own.
 */
public final class TwinContext {
    private final String account;
    private final String region;
    private final Clock clock;
    private final TwinSettings settings;
    private final RandomGenerator random;
    private final Function<Class<?>, Object> peers;
    private final Supplier<List<TwinItem>> indexed;
    private final TwinSessions sessions;

    public TwinContext(
            String account,
            String region,
            Clock clock,
            TwinSettings settings,
            long seed,
            Function<Class<?>, Object> peers) {
        this(account, region, clock, settings, seed, peers, List::of, new TwinSessions());
    }

    TwinContext(
            String account,
            String region,
            Clock clock,
            TwinSettings settings,
            long seed,
            Function<Class<?>, Object> peers,
            Supplier<List<TwinItem>> indexed,
            TwinSessions sessions) {
        this.account = account;
        this.region = region;
        this.clock = clock;
        this.settings = settings;
        this.random = new Random(seed);
        this.peers = peers;
        this.indexed = indexed;
        this.sessions = sessions;
    }

    public String account() {
        return account;
    }

    public String region() {
        return region;
    }

    public Instant now() {
        return clock.instant();
    }

    public TwinSettings settings() {
        return settings;
    }

    public boolean passed(Delay what, Instant since) {
        return !now().isBefore(since.plus(settings.delay(what)));
    }

    /** As many random hex digits, for ids: {@code "vpc-" + hex(17)}. */
    public String hex(int digits) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < digits; i++) {
            s.append(Character.forDigit(random.nextInt(16), 16));
        }
        return s.toString();
    }

    public int random(int bound) {
        return random.nextInt(bound);
    }

    public String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + region + ":" + account + ":" + resource;
    }

    /** The twin of another service in the same account and region (or the account's only one, where it is global). */
    public <T> T peer(Class<T> type) {
        return type.cast(peers.apply(type));
    }

    /** What the tagging API sees in this region: late by {@link Delay#TAGGING_INDEX}, with or without tags. */
    public List<TwinItem> indexed() {
        return indexed.get();
    }

    /** The sessions of assumed roles, in all accounts. */
    public TwinSessions sessions() {
        return sessions;
    }

    /**
     * One page of a list. Tokens are offsets, hidden from whoever pages.
     *
     * @param token as the caller sent it, null for the first page
     * @param asked the page size that the caller wants, or null
     */
    public <T> Page<T> page(List<T> all, @Nullable String token, int ofAws, @Nullable Integer asked) {
        int from = token == null || token.isEmpty() ? 0 : Integer.parseInt(token, 36);
        int to = Math.min(all.size(), from + settings.pageSize(ofAws, asked));
        return new Page<>(
                from >= all.size() ? List.of() : List.copyOf(all.subList(from, to)),
                to < all.size() ? Integer.toString(to, 36) : null);
    }

    /** @param next null on the last page */
    public record Page<T>(List<T> items, @Nullable String next) {}
}
