package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.OpenedPort;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Faults of events do not change the result of the passes, and nothing is written twice. */
class EventFaultsTest {

    private enum EventFault {
        OFF(all -> logging(all, false), false),
        LOST(all -> all.twin().settings().events().loseEvery(1), false),
        LATE(all -> all.twin().settings().events().late(Duration.ofMinutes(20)), true),
        TWICE(all -> all.twin().settings().events().twice(true), true),
        OUT_OF_ORDER(all -> all.twin().settings().events().jitter(Duration.ofSeconds(40)), true),
        MALFORMED(
                all -> {
                    for (String body :
                            new String[] {"x", "{}", "[[[[", "{\"detail-type\":\"AWS API Call via CloudTrail\"}"}) {
                        all.sqs.sendMessage(r -> r.queueUrl(all.url).messageBody(body));
                    }
                },
                true),
        DENIED(all -> all.twin().faults().add(TwinFaultRule.on("sqs:ReceiveMessage", new TwinFault.Deny())), false),
        GONE(all -> all.sqs.deleteQueue(r -> r.queueUrl(all.url)), false);

        private final Consumer<EventsWorld> begin;
        private final boolean named;

        EventFault(Consumer<EventsWorld> begin, boolean named) {
            this.begin = begin;
            this.named = named;
        }
    }

    private static EventsWorld converged() {
        EventsWorld all = new EventsWorld();
        all.world.desire(EventsWorld.GROUP, "'interval':'PT10M',").converged();
        all.run(Duration.ofMinutes(1));
        return all;
    }

    private static void logging(EventsWorld all, boolean on) {
        CloudTrailClient trails = all.world.account().service("us-east-1", CloudTrailClient.class);
        trails.describeTrails().trailList().forEach(trail -> {
            if (on) {
                trails.startLogging(r -> r.name(trail.trailARN()));
            } else {
                trails.stopLogging(r -> r.name(trail.trailARN()));
            }
        });
    }

    private static void openPort(EventsWorld all, int port) {
        String id =
                Objects.requireNonNull(all.world.resource("SecurityGroup/web").physicalId());
        OpenedPort.toInternet(all.person(Ec2Client.class, "alice"), id, port);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("The drift is repaired once, and its author is named as soon as an event tells it")
    void comesToTheSameEnd(EventFault fault) {
        try (EventsWorld all = converged()) {
            long before = all.twin().log().requests().getLast().sequence();
            fault.begin.accept(all);
            openPort(all, 22);
            all.run(Duration.ofMinutes(25));
            DriftItem item = Objects.requireNonNull(all.item("SecurityGroup/web"));
            assertThat(item.state()).isEqualTo(DriftItem.DriftState.Repaired);
            assertThat(item.by() == null ? null : item.by().who()).isEqualTo(fault.named ? "alice" : null);
            assertThat(all.twin().log().writes().stream()
                            .filter(r -> r.sequence() > before && r.caller().equals(all.world.caller()))
                            .map(LoggedRequest::operation))
                    .containsExactly("ec2:RevokeSecurityGroupIngress");
            assertThat(all.world.view().status()).isEqualTo("Synced");
        }
    }

    @Test
    @DisplayName("A message that is no event stays in the queue, and is counted")
    void leavesAPoisonMessage() {
        try (EventsWorld all = converged()) {
            all.sqs.sendMessage(r -> r.queueUrl(all.url).messageBody("no event"));
            all.run(Duration.ofSeconds(10));
            assertThat(all.reader().status().counts().unreadable()).isEqualTo(1);
            all.run(Duration.ofMinutes(1));
            assertThat(all.reader().status().counts().unreadable()).isGreaterThan(1);
        }
    }

    @Test
    @DisplayName("Without a trail, and without the queue, the status says so and what to do is clear")
    void saysWhyNoEventsArrive() {
        try (EventsWorld all = converged()) {
            assertThat(all.reader().status().inWords()).startsWith("on");
            logging(all, false);
            all.run(Duration.ofMinutes(61));
            assertThat(all.reader().status().inWords()).isEqualTo("off: no trail");
            logging(all, true);
            all.twin().faults().add("cloudtrail:DescribeTrails", new TwinFault.Deny());
            all.run(Duration.ofMinutes(61));
            // A failed request does not prove that a trail is logging now.
            assertThat(all.reader().status().inWords()).isEqualTo("off: no trail");
            all.twin().faults().clear();
            all.run(Duration.ofMinutes(61));
            assertThat(all.reader().status().trouble()).isNull();
        }
    }

    @Test
    @DisplayName("A storm of 5,000 events is one look, and memory holds none of them afterwards")
    void survivesAStorm() {
        try (EventsWorld all = converged()) {
            long before = all.twin().log().requests().getLast().sequence();
            String id = Objects.requireNonNull(
                    all.world.resource("SecurityGroup/web").physicalId());
            String body = EventParserTest.message("{'type':'IAMUser','userName':'alice'}", "")
                    .replace("sg-1", id)
                    .replace("2026-11-30T10", "2026-01-01T00");
            for (int i = 0; i < 500; i++) {
                String some = body.replace("e-1", "e-" + i);
                all.sqs.sendMessageBatch(r -> r.queueUrl(all.url)
                        .entries(java.util.stream.IntStream.range(0, 10)
                                .mapToObj(n ->
                                        software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry.builder()
                                                .id("m" + n)
                                                .messageBody(some)
                                                .build())
                                .toList()));
            }
            all.run(Duration.ofSeconds(30));
            assertThat(all.reader().status().counts().received()).isGreaterThanOrEqualTo(5_000);
            long reads = all.twin().log().requests().stream()
                    .filter(r -> r.sequence() > before && r.caller().equals(all.world.caller()))
                    .count();
            assertThat(reads).isLessThan(40);
        }
    }
}
