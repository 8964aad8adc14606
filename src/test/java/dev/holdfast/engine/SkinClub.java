package dev.holdfast.engine;

import java.nio.file.Path;
import java.util.List;

/** Skin Club Pro's desired state, for tests that go over it many times. */
final class SkinClub {
    private static final List<String> SERVICES =
            List.of("api", "identity", "bookings", "payments", "media", "notifications");

    private SkinClub() {}

    /** The stack dev with one of its six services: every kind there is, in less time. */
    static World oneService(World world) {
        return services(world, "api");
    }

    /** The stack dev with these of its services. */
    static World services(World world, String... kept) {
        world.desireDirectory(Path.of("desired-state"), "dev");
        SERVICES.stream()
                .filter(service -> !List.of(kept).contains(service))
                .forEach(service -> world.file("base/services/" + service + ".json", null));
        return world;
    }
}
