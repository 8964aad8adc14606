package dev.holdfast.engine;

import dev.holdfast.twin.LoggedRequest;
import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** A stack with the alarms a and b, and the writes to them. */
final class Alarms {
    private Alarms() {}

    static final String TWO = Docs.of(Docs.alarm("a", 1), Docs.alarm("b", 1));

    /** A converged world, in which a read shows the operator's own writes. */
    static World converged() {
        World world = new World();
        world.desire(TWO).converged();
        world.clock.advance(EngineConstants.WRITE_VISIBLE);
        return world;
    }

    /** Another principal changes the threshold of the alarm a. */
    static void threshold(World world, double value) {
        String name = world.resource("Alarm/a").physicalId();
        world.somebody(CloudWatchClient.class)
                .putMetricAlarm(Docs.theirAlarm(name, value).build());
    }

    /** From now on AWS accepts each change of the alarm a, and does not carry it out. */
    static void nothingHasEffect(World world) {
        threshold(world, 9);
        world.twin.faults().afterWrite(request -> {
            if (isPut(request)) {
                threshold(world, 9);
            }
        });
    }

    /** Whether the operator writes an alarm. */
    static boolean isPut(LoggedRequest request) {
        return request.operation().equals("cloudwatch:PutMetricAlarm") && "holdfast".equals(request.app());
    }

    /** The times at which the operator wrote an alarm. */
    static List<Instant> puts(World world) {
        return world.twin.log().requests().stream()
                .filter(Alarms::isPut)
                .map(LoggedRequest::at)
                .toList();
    }
}
