package dev.holdfast.twin.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A role as IAM has it, and what the other services still see of it. */
final class TwinRole {
    /**
     * What decides about access.
     *
     * @param inline policies by name
     */
    record Grants(
            JsonNode trust,
            Map<String, JsonNode> inline,
            Map<String, String> managed,
            @Nullable String boundary) {}

    private record Change(Instant at, Grants grants) {}

    final String name;
    final String path;
    final String id;
    final String arn;
    final Instant createdAt;
    final Map<String, String> tags = new TreeMap<>();

    /** Policies as the caller wrote them, by name. */
    final Map<String, String> inline = new TreeMap<>();

    /** Names by ARN. */
    final Map<String, String> managed = new TreeMap<>();

    /** The ids of the roles that the trust policy names, by ARN; kept when such a role is deleted. */
    Map<String, String> trusted = Map.of();

    String trust;
    int maxSessionDuration = 3600;

    @Nullable
    String description;

    @Nullable
    String boundary;

    private final Deque<Change> changes = new ArrayDeque<>();

    TwinRole(String name, String path, String id, String arn, String trust, Instant createdAt) {
        this.name = name;
        this.path = path;
        this.id = id;
        this.arn = arn;
        this.trust = trust;
        this.createdAt = createdAt;
    }

    boolean serviceLinked() {
        return path.startsWith("/aws-service-role/");
    }

    /** Takes down what was changed, for the other services to see it in a while. */
    void changed(Instant now) {
        Map<String, JsonNode> documents = new TreeMap<>();
        inline.forEach((policy, text) -> documents.put(policy, TwinPolicies.read(text)));
        changes.addLast(
                new Change(now, new Grants(TwinPolicies.read(trust), documents, Map.copyOf(managed), boundary)));
    }

    /** @return null while the other services do not see the role at all */
    @Nullable
    Grants effective(Predicate<Instant> propagated) {
        Change seen = null;
        // The newest that has arrived counts; what is older is never asked for again.
        for (Change next = changes.peekFirst();
                next != null && propagated.test(next.at());
                next = changes.peekFirst()) {
            seen = changes.removeFirst();
        }
        if (seen != null) {
            changes.addFirst(seen);
        }
        return seen == null ? null : seen.grants();
    }
}
