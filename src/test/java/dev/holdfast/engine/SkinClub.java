package dev.holdfast.engine;

import dev.holdfast.twin.sns.TwinSns;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.sns.SnsClient;

/** Skin Club Pro's desired state, for tests that change and apply it many times. */
public final class SkinClub {
    static final Path DESIRED = Path.of("desired-state");
    static final List<String> SERVICES = List.of("api", "identity", "bookings", "payments", "media", "notifications");

    private SkinClub() {}

    /** The unchanged stack prod. */
    public static World prod(World world) {
        return world.desireDirectory(DESIRED, "prod");
    }

    /** A user follows the link in the mail from SNS: otherwise SNS deletes the subscription within 48 hours. */
    static void confirmed(World world) {
        String topic = String.valueOf(world.resource("Topic/alerts").physicalId());
        String token = world.account()
                .service(World.REGION, TwinSns.class)
                .tokenSentTo(topic, "operations@skinclubpro.example");
        world.somebody(SnsClient.class)
                .confirmSubscription(r -> r.topicArn(topic).token(token));
    }

    /**
     * The stack rotates its database's password after a month, and not on Sunday. Some tests take days of the driven
     * clock, and a rotation rightly rolls out the service with a new revision of its task definition.
     */
    static World rotatingLater(World world) {
        String path = "base/database.json";
        try {
            String weekly = Files.readString(DESIRED.resolve(path));
            String later =
                    weekly.replace("\"rotation\": { ", "\"rotation\": { \"scheduleExpression\": \"rate(30 days)\", ");
            if (later.equals(weekly)) {
                throw new AssertionError("no rotation in " + path);
            }
            return world.file(path, later);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The stack dev with one of its six services: every kind is there, and tests take less time. */
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

    /** This number of services instead of the six services. */
    public static String services(int count, String image) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> """
                    {"apiVersion":"holdfast.dev/v1","kind":"Service","metadata":{"name":"service-%1$d"},"spec":{
                      "defaults":"${params.service}","image":"%2$s","paths":["/service-%1$d/*"],"priority":%1$d,
                      "secrets":{"SESSION_KEY":{"generate":{"passwordLength":64,"excludePunctuation":true}}}}}
                    """.formatted(i, image))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** The monitoring without the documents that belong to the six services. */
    public static String monitoring() {
        return """
            [{"apiVersion":"holdfast.dev/v1","kind":"Topic","metadata":{"name":"alerts"},
              "spec":{"topicName":"skin-club-pro-${stack.name}-alerts","subscriptions":"${params.alertSubscriptions}"}},
             {"apiVersion":"holdfast.dev/v1","kind":"Dashboard","metadata":{"name":"services"},
              "spec":{"dashboardName":"skin-club-pro-${stack.name}","dashboardBody":{"widgets":[]}}}]
            """;
    }
}
