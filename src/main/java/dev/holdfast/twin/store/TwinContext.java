package dev.holdfast.twin.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * The environment of the twin of a service: one account and region, a clock, settings, and the twins of the other
 * services.
 *
 * <p>All calls of an account are made under one lock, so that the twin of a service needs none of its own.
 */
public final class TwinContext {
    private final HostAccount host;
    private final String region;
    private final RandomGenerator random;

    public TwinContext(HostAccount host, String region, long seed) {
        this.host = host;
        this.region = region;
        this.random = new Random(seed);
    }

    public String account() {
        return host.id();
    }

    public String region() {
        return region;
    }

    public Instant now() {
        return host.clock().instant();
    }

    public TwinSettings settings() {
        return host.settings();
    }

    public boolean passed(Delay delay, Instant since) {
        return !now().isBefore(since.plus(settings().delay(delay)));
    }

    /** This many random hex digits, for ids: {@code "vpc-" + hex(17)}. */
    public String hex(int digits) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < digits; i++) {
            s.append(Character.forDigit(random.nextInt(16), 16));
        }
        return s.toString();
    }

    /** A random id in the form of a UUID. */
    public String uuid() {
        return String.join("-", hex(8), hex(4), hex(4), hex(4), hex(12));
    }

    public int random(int bound) {
        return random.nextInt(bound);
    }

    public String arn(String service, String resource) {
        return "arn:aws:" + service + ":" + region + ":" + account() + ":" + resource;
    }

    /**
     * The twin of another service in the same account and region, or the account's only one if the service is global.
     */
    public <T> T peer(Class<T> type) {
        return host.service(region, type);
    }

    /** The twins of all services that implement an interface, in the same account and region. */
    public <T> List<T> peers(Class<T> type) {
        return host.services(region, type);
    }

    /** The twin of another service in another region of the same account. */
    public <T> T peerIn(String other, Class<T> type) {
        return host.service(other, type);
    }

    /** The resources that the tagging API sees in this region. */
    public List<TwinItem> indexed() {
        return host.indexed(region);
    }

    /** The sessions of assumed roles, in all accounts. */
    public TwinSessions sessions() {
        return host.sessions();
    }

    /** An empty store of one resource type. */
    public <T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>>
            ResourceStore<T, B> store(Supplier<B> shape, Function<T, String> id) {
        return new ResourceStore<>(this, shape, id);
    }

    /**
     * One page of a list, for a response with another form of the list; see {@link #page(SdkPojo, SdkPojo, List, int,
     * int)}.
     */
    public <T> Paging.Page<T> slice(SdkPojo request, List<T> all, int largest, int usual) {
        Integer asked = Objects.requireNonNullElse(Paging.askedSize(request), usual);
        return Paging.slice(request, all, settings().pageSize(largest, asked));
    }

    /** Returns one page of a list; a request that sets no size gets the largest page. */
    public <R extends SdkPojo & SdkBuilder<R, A>, A> A page(SdkPojo request, R response, List<?> all, int largest) {
        return page(request, response, all, largest, largest);
    }

    /**
     * Returns one page of a list. The token and the size are members of the request; the list and the next token are
     * members of the response. The method finds them by the names that AWS uses. The list is the first one that is not
     * set yet.
     *
     * @param usual the page size if the request sets none
     */
    public <R extends SdkPojo & SdkBuilder<R, A>, A> A page(
            SdkPojo request, R response, List<?> all, int largest, int usual) {
        return Paging.answer(response, slice(request, all, largest, usual));
    }
}
