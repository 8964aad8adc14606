package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestChainTest {
    private final Fork fork = new Fork(1);
    private final CallContext pass = new CallContext(() -> true);

    private static int requests(int count) {
        for (int i = 0; i < count; i++) {
            RequestChain.extend();
        }
        return count;
    }

    @Test
    void tasksSideBySideCountAsTheLongestOfThem() {
        pass.run(() -> {
            requests(2);
            fork.all(List.of(1, 5, 3), RequestChainTest::requests);
            requests(1);
        });

        assertThat(pass.longestChain()).isEqualTo(2 + 5 + 1);
    }

    @Test
    void aThreadThatUsesAnAnswerWaitedForTheRequestsThatLedToIt() {
        pass.run(() -> {
            requests(1);
            RequestChain.follow(4);
            requests(1);
            RequestChain.follow(3);
        });

        assertThat(pass.longestChain()).isEqualTo(5);
    }

    @Test
    void aTaskThatWaitsForAnotherOneLetsItRun() {
        CompletableFuture<String> answer = new CompletableFuture<>();

        List<String> said = fork.all(
                List.of("waits", "reads"),
                task -> task.equals("waits") ? fork.waiting(answer::join) : String.valueOf(answer.complete("read")));

        assertThat(said).containsExactly("read", "true");
    }
}
