package dev.holdfast.aws;

import java.util.function.Supplier;

/**
 * The length of the longest chain of requests so far in which each request needed the answer of the one before. A pass
 * takes at least that many round trips, whatever runs in parallel.
 *
 * <p>Each thread of a {@link Fork} extends its own copy; the caller continues with the longest of them. A thread that
 * uses an answer which another thread has read calls {@link #follow}.
 */
public final class RequestChain {
    static final ScopedValue<RequestChain> CURRENT = ScopedValue.newInstance();

    private int length;
    private int made;

    RequestChain(int length) {
        this.length = length;
    }

    /** The length for this thread; 0 where nothing is measured. */
    public static int current() {
        return CURRENT.isBound() ? CURRENT.get().length : 0;
    }

    /** Continues this thread from an answer that ended a chain of this length. */
    public static void follow(int other) {
        if (CURRENT.isBound()) {
            RequestChain chain = CURRENT.get();
            chain.length = Math.max(chain.length, other);
        }
    }

    /** Counts a request of this thread. */
    static void extend() {
        if (CURRENT.isBound()) {
            CURRENT.get().length++;
            CURRENT.get().made++;
        }
    }

    /** The requests of this thread, and of the tasks of its forks that have ended well; 0 where nothing is measured. */
    public static int made() {
        return CURRENT.isBound() ? CURRENT.get().made : 0;
    }

    /**
     * The result of a read.
     *
     * @param requests the number of its requests; 0 where nothing is measured
     */
    public record CountedRead<T>(T value, int requests) {}

    /** Reads something whose requests are counted on their own, and not by {@link #made}. */
    public static <T> CountedRead<T> apart(Supplier<T> read) {
        int before = made();
        T value = read.get();
        int requests = made() - before;
        if (CURRENT.isBound()) {
            CURRENT.get().made = before;
        }
        return new CountedRead<>(value, requests);
    }

    /** Continues this thread from a task for which it has waited. */
    static void join(RequestChain task) {
        follow(task.length);
        if (CURRENT.isBound()) {
            CURRENT.get().made += task.made;
        }
    }

    int length() {
        return length;
    }
}
