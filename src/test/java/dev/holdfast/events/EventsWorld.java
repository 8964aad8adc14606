package dev.holdfast.events;

import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.World;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.twin.TwinServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * A world in which a trail is logging, a rule sends events to a queue, and the operator reads it. A pass runs once a
 * day.
 */
public final class EventsWorld implements AutoCloseable {
    /** The documents of a VPC with the security group {@code web}, which has no rules. */
    static final String GROUP = """
            [{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}},
             {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'web'},'spec':{'vpcId':'${Vpc/main}',
                'description':'web','ingress':[]}}]
            """;

    final World world;
    final List<List<ChangeHint>> handedOn = new ArrayList<>();
    private final EventRoute route;
    final SqsClient sqs;
    final String url;
    private ChangeEvents events;

    EventsWorld() {
        this(new World());
    }

    /** @param world the world whose calls are recorded from now on; {@link #close} closes it too */
    public EventsWorld(World world) {
        this.world = world;
        route = new EventRoute(world.twin);
        sqs = route.sqs;
        url = route.url;
        events = events(route.origin());
    }

    private ChangeEvents events(ChangeEvents.EventOrigin origin) {
        return new ChangeEvents(
                origin,
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
        return route.person(api, name);
    }

    /** Ends the process; another process reads the queue from now on. */
    void restart() {
        events.close();
        world.restart();
        events = events(route.origin());
    }

    /** Has the operator read another queue from now on. */
    void readFrom(SqsClient other) {
        events = events(new ChangeEvents.EventOrigin(
                other,
                "https://sqs.eu-west-2.amazonaws.com/1/other",
                route.origin().cloudTrail()));
    }

    /** Reads the queue until it has no more messages, and runs the work that is due. */
    private ChangeEvents.QueueState work() {
        ChangeEvents.QueueState left = events.step();
        while (left == ChangeEvents.QueueState.MORE) {
            left = events.step();
        }
        if (!world.reconciler().nextLookAt().isAfter(world.clock.instant())) {
            world.reconciler().run();
        }
        return left;
    }

    /** Lets time pass in steps that are longer than the delays of single events. */
    EventsWorld run(Duration time, Duration step) {
        Instant end = world.clock.instant().plus(time);
        while (world.clock.instant().isBefore(end)) {
            work();
            world.clock.advance(step);
        }
        return this;
    }

    /** Lets time pass until the condition is true, but at most this long. @return the time that passed */
    public Duration runUntil(BooleanSupplier done, Duration atMost) {
        Instant start = world.clock.instant();
        Instant end = start.plus(atMost);
        while (world.clock.instant().isBefore(end)) {
            ChangeEvents.QueueState left = work();
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
