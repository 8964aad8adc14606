package dev.holdfast.engine;

import java.nio.file.Path;
import java.util.List;

/** Skin Club Pro's desired state, for tests that go over it many times. */
public final class SkinClub {
    static final Path DESIRED = Path.of("desired-state");
    private static final List<String> SERVICES =
            List.of("api", "identity", "bookings", "payments", "media", "notifications");

    private SkinClub() {}

    /** The stack prod as it is. */
    public static World prod(World world) {
        return world.desireDirectory(DESIRED, "prod");
    }

    /** The stack dev with one of its six services: every kind there is, in less time. */
    static World oneService(World world) {
        return services(world, "api");
    }

    /** The stack dev with these of its services. */
    static World services(World world, String... kept) {
        world.desireDirectory(DESIRED, "dev");
        SERVICES.stream()
                .filter(service -> !List.of(kept).contains(service))
                .forEach(service -> world.file("base/services/" + service + ".json", null));
        return world;
    }
}
