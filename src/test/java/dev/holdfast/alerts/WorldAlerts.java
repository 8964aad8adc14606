package dev.holdfast.alerts;

import dev.holdfast.engine.World;
import java.util.List;

/** The alerts that follow from the passes of a world. */
public final class WorldAlerts {
    private final World world;
    private final FakeSink sink = new FakeSink("test");
    private final AlertService service;

    public WorldAlerts(World world) {
        this.world = world;
        this.service = new AlertService(world.store, world.clock, List.of(sink), Runnable::run);
    }

    /** Judges the present view, and sends the alerts that are due. */
    public void pass() {
        service.passed(world.view(), world.reconciler().events(), 1);
        service.tick(stack -> true);
    }

    /** The alerts that were sent. */
    public List<Alert> sent() {
        return sink.alerts;
    }

    public AlertService service() {
        return service;
    }
}
