package dev.holdfast.events;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.World;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.TwinServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A world in which a trail logs, a rule brings the events to a queue, and the operator reads that. Passes come once a day. */
public final class EventsWorld implements AutoCloseable {
    static final String QUEUE_ARN = "arn:aws:sqs:" + World.REGION + ":" + World.ACCOUNT + ":changes";
    private static final String FORWARDER = "arn:aws:iam::" + World.ACCOUNT + ":role/forwarder";
    private static final String PATTERN = """
            {"source":[{"prefix":"aws."}]}""";

    final World world;
    final List<List<ChangeHint>> handedOn = new ArrayList<>();
    final SqsClient sqs;
    final String url;
    private ChangeEvents events;

    EventsWorld() {
        this(new World());
    }

    /** @param world whose calls are recorded from now on; it is closed with this */
    public EventsWorld(World world) {
        this.world = world;
        world.twin.settings().events().trail(true);
        sqs = client(SqsClient.class, World.ACCOUNT);
        url = sqs.createQueue(r ->
                        r.queueName("changes").attributes(Map.of(QueueAttributeName.POLICY, """
                        {"Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},
                        "Action":"sqs:SendMessage","Resource":"%s"}]}""".formatted(QUEUE_ARN))))
                .queueUrl();
        rule(World.REGION, QUEUE_ARN);
        rule("us-east-1", "arn:aws:events:" + World.REGION + ":" + World.ACCOUNT + ":event-bus/default");
        events = events();
    }

    private void rule(String region, String target) {
        EventBridgeClient bridge = world.account().service(region, EventBridgeClient.class);
        bridge.putRule(r -> r.name("changes").eventPattern(PATTERN));
        bridge.putTargets(r -> r.rule("changes")
                .targets(t -> t.id("next").arn(target).roleArn(target.contains(":event-bus/") ? FORWARDER : null)));
    }

    private ChangeEvents events() {
        return new ChangeEvents(
                new ChangeEvents.EventOrigin(sqs, url, client(CloudTrailClient.class, World.ACCOUNT)),
                new EventStacks() {
                    @Override
                    public List<KnownStack> known() {
                        return List.of(KnownStack.of(world.view()));
                    }

                    @Override
                    public void changed(String stack, List<ChangeHint> changes) {
                        handedOn.add(changes);
                        world.reconciler().changed(changes);
                    }

                    @Override
                    public void readable(boolean yes) {
                        world.reconciler().coverage().readable(yes, world.clock.instant());
                    }
                },
                new ChangeEvents.EventParts(TestKinds.all(), world.store, world.ownCalls, world.clock, true));
    }

    TwinServer twin() {
        return world.twin;
    }

    ChangeEvents reader() {
        return events;
    }

    /** A client of a person, over HTTP. */
    <C extends SdkClient> C person(Class<C> api, String name) {
        return client(api, name + "-" + World.ACCOUNT);
    }

    private <C extends SdkClient> C client(Class<C> api, String accessKey) {
        return OverHttp.client(api, world.twin.endpoint(), accessKey);
    }

    /** The process is gone; another one reads the queue. */
    void restart() {
        events.close();
        world.restart();
        events = events();
    }

    /** Time goes by, until that is so, or so much has passed. @return how long it took */
    public Duration runUntil(BooleanSupplier done, Duration atMost) {
        Instant start = world.clock.instant();
        Instant end = start.plus(atMost);
        while (world.clock.instant().isBefore(end)) {
            ChangeEvents.QueueState left = events.step();
            while (left == ChangeEvents.QueueState.MORE) {
                left = events.step();
            }
            if (!world.reconciler().nextLookAt().isAfter(world.clock.instant())) {
                world.reconciler().run();
            }
            if (done.getAsBoolean()) {
                break;
            }
            world.clock.advance(
                    left == ChangeEvents.QueueState.WAITING ? Duration.ofMillis(250) : Duration.ofSeconds(2));
        }
        return Duration.between(start, world.clock.instant());
    }

    public EventsWorld run(Duration time) {
        runUntil(() -> false, time);
        return this;
    }

    @Nullable
    DriftItem item(String resource) {
        return world.view().drift().stream()
                .filter(item -> item.resource().toString().equals(resource))
                .findFirst()
                .orElse(null);
    }

    boolean isRepaired(String resource) {
        DriftItem item = item(resource);
        return item != null && item.state() == DriftItem.DriftState.Repaired;
    }

    @Override
    public void close() {
        events.close();
        world.close();
    }
}
