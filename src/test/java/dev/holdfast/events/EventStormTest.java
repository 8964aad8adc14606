package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.OpenedPort;
import dev.holdfast.twin.LoggedRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** 50,000 events within a minute: all are handled, memory stays flat, and nothing is written twice. */
@Isolated("it measures the memory of its process")
class EventStormTest {
    private static final int EVENTS = 50_000;
    private static final int SECONDS = 60;
    /** The maximum memory of waiting events, in bytes: some 2 KB for each of at most 6,000 events. */
    private static final long MOST_KEPT = 16_000_000;
    /** The tolerance of the heap measurement, in bytes. A leak of one kilobyte per event would be ten times as much. */
    private static final long NOISE = 5_000_000;
    /** The serial collector compacts the heap completely only in each fourth collection. */
    private static final int COLLECTIONS = 4;

    /** A queue that creates its messages when they are received, and holds none. */
    private static final class Storm implements SqsClient {
        private final IntFunction<String> body;
        private final BitSet deleted = new BitSet(EVENTS);
        private int next;

        Storm(IntFunction<String> body) {
            this.body = body;
        }

        @Override
        public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest r) {
            List<Message> some = new ArrayList<>();
            for (int i = 0; i < r.maxNumberOfMessages() && next < EVENTS; i++, next++) {
                some.add(Message.builder()
                        .messageId("m-" + next)
                        .receiptHandle(String.valueOf(next))
                        .body(body.apply(next))
                        .build());
            }
            return ReceiveMessageResponse.builder().messages(some).build();
        }

        @Override
        public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest r) {
            r.entries().forEach(entry -> deleted.set(Integer.parseInt(entry.receiptHandle())));
            return DeleteMessageBatchResponse.builder().build();
        }

        @Override
        public String serviceName() {
            return "sqs";
        }

        @Override
        public void close() {}
    }

    /**
     * Half of the events claim to be Holdfast's, a fifth concerns a foreign group, and each eleventh is a duplicate.
     */
    private static IntFunction<String> events(String group, String at) {
        String form = EventParserTest.message("{'type':'IAMUser','userName':'alice'}", "")
                .replace("sg-1", group)
                .replace("2026-11-30T10:00:00Z", at);
        String theirs = form.replace(group, "sg-0fedcba9876543210");
        return i -> {
            int number = i % 11 == 10 ? i - 1 : i;
            String one = (number % 5 == 4 ? theirs : form)
                    .replace("\"e-1\"", "\"e-" + number + "\"")
                    .replace("\"r-1\"", "\"r-" + number + "\"");
            return number % 2 == 0 ? one.replace("aws-cli/2.15.0", "aws-sdk-java/2.57.8 app/holdfast") : one;
        };
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    @Test
    @DisplayName("50,000 events in a minute are all handled, cost little memory and few reads, and one write")
    void survivesAStorm() {
        try (EventsWorld all = new EventsWorld()) {
            all.world.desire(EventsWorld.GROUP, "'interval':'PT24H',").converged();
            all.run(Duration.ofMinutes(1));
            long before = all.twin().log().requests().getLast().sequence();
            String id = Objects.requireNonNull(
                    all.world.resource("SecurityGroup/web").physicalId());
            Storm storm = new Storm(events(id, all.world.clock.instant().toString()));
            all.readFrom(storm);
            OpenedPort.toInternet(all.person(Ec2Client.class, "alice"), id, 22);
            long start = used();
            List<Long> kept = new ArrayList<>();
            for (int second = 0; second < SECONDS; second++) {
                for (int page = 0; page <= EVENTS / EventQueue.PAGE / SECONDS; page++) {
                    all.reader().step();
                }
                all.world.reconciler().run();
                all.world.clock.advance(Duration.ofSeconds(1));
                if (second % 20 == 19) {
                    all.handedOn.clear();
                    kept.add(used() - start);
                }
            }
            all.run(EventPump.PROOF.plusSeconds(5));

            assertThat(storm.deleted.cardinality()).isEqualTo(EVENTS);
            assertThat(all.reader().status().counts().received()).isEqualTo(EVENTS);
            assertThat(kept).as("bytes more than before").allMatch(bytes -> bytes < MOST_KEPT);
            assertThat(kept.getLast()).as("it does not grow: %s", kept).isLessThan(kept.getFirst() + NOISE);
            assertThat(all.twin().log().writes().stream()
                            .filter(r -> r.sequence() > before && r.caller().equals(all.world.caller()))
                            .map(LoggedRequest::operation))
                    .containsExactly("ec2:RevokeSecurityGroupIngress");
            long requests = all.twin().log().requests().stream()
                    .filter(r -> r.sequence() > before && r.caller().equals(all.world.caller()))
                    .count();
            System.out.println("storm: " + requests + " requests, bytes kept after each 20 s: " + kept);
            // The stack is read once per second, and not once per event.
            assertThat(requests).isLessThan(6L * SECONDS);
            DriftItem item = Objects.requireNonNull(all.item("SecurityGroup/web"));
            assertThat(Objects.requireNonNull(item.by()).who()).isEqualTo("alice");
            assertThat(all.world.view().status()).isEqualTo("Synced");
        }
    }
}
