package dev.holdfast.engine;

import dev.holdfast.aws.Fork;
import dev.holdfast.aws.RequestChain;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads that several kinds share in one observation: the first kind reads, and the others wait for its answer. Safe for
 * use by many threads.
 */
final class SharedReads {
    /**
     * A value, or a failure.
     *
     * @param chain the length of the chain of requests that led to the answer
     */
    private record SharedAnswer(
            @Nullable Object value, @Nullable RuntimeException failure, int chain) {}

    private final Fork fork;
    private final TaggingApiIndex tags;
    private final Map<String, CompletableFuture<SharedAnswer>> answers = new ConcurrentHashMap<>();

    /** @param kept the tags from earlier passes; null if all tags have to be read */
    SharedReads(Fork fork, @Nullable KeptTags kept) {
        this.fork = fork;
        this.tags = new TaggingApiIndex(fork, kept);
    }

    TaggingApiIndex tags() {
        return tags;
    }

    /**
     * @param key the request and its region
     * @throws RuntimeException the exception of the first read
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // null is what the reader gave; one key is always read as one type
    <T> T read(String key, Supplier<T> reader) {
        CompletableFuture<SharedAnswer> own = new CompletableFuture<>();
        CompletableFuture<SharedAnswer> first = answers.putIfAbsent(key, own);
        if (first == null) {
            answer(own, reader);
        }
        SharedAnswer answer = first == null ? own.join() : fork.waiting(first::join);
        RequestChain.follow(answer.chain());
        if (answer.failure() != null) {
            throw answer.failure();
        }
        return (T) answer.value();
    }

    private static void answer(CompletableFuture<SharedAnswer> own, Supplier<?> reader) {
        try {
            own.complete(new SharedAnswer(reader.get(), null, RequestChain.current()));
        } catch (RuntimeException e) {
            own.complete(new SharedAnswer(null, e, RequestChain.current()));
        } finally {
            // A read that ended by an error must not be awaited for ever.
            own.cancel(false);
        }
    }
}
