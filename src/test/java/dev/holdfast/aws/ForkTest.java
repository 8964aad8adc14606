package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;

class ForkTest {
    private final Fork fork = new Fork(4);

    @Test
    void givesResultsInTheOrderOfTheItems() {
        List<Integer> items = IntStream.range(0, 100).boxed().toList();

        assertThat(fork.all(items, i -> i * 2))
                .isEqualTo(items.stream().map(i -> i * 2).toList());
    }

    @Test
    void carriesTheContext() {
        CallContext pass = new CallContext(() -> true);

        List<CallContext> seen = pass.call(() -> fork.all(List.of(1, 2), i -> CallContext.CURRENT.get()));

        assertThat(seen).containsExactly(pass, pass);
    }

    @Test
    void throwsTheFailureAsItIs() {
        SdkClientException failure = SdkClientException.create("no");

        assertThatThrownBy(() -> fork.all(List.of(1, 2, 3), i -> {
                    if (i == 2) {
                        throw failure;
                    }
                    return i;
                }))
                .isSameAs(failure);
    }

    @Test
    void runsNoMoreAtOnceThanAllowed() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        fork.all(IntStream.range(0, 200).boxed().toList(), i -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            return running.decrementAndGet();
        });

        assertThat(most.get()).isBetween(1, 4);
    }

    @Test
    void tasksThatForkDoNotStarve() {
        List<Integer> items = IntStream.range(0, 20).boxed().toList();

        List<Integer> sums = fork.all(
                items,
                i -> fork.all(items, j -> fork.all(List.of(j), k -> k).getFirst()).stream()
                        .mapToInt(Integer::intValue)
                        .sum());

        assertThat(sums).hasSize(20).containsOnly(190);
    }

    @Test
    void anInterruptReachesTheCaller() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> fork.all(List.of(1), ForkTest::neverEnds)).isInstanceOf(AbortedException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    /** Waits until the thread is interrupted. */
    private static int neverEnds(int item) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return item;
    }
}
