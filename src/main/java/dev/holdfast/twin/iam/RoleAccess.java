package dev.holdfast.twin.iam;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.Role;

/** The policies of a role, and the part of them that the other services see already. */
final class RoleAccess {
    /**
     * Everything that decides about access.
     *
     * @param inline policies by name
     */
    record Grants(
            JsonNode trust,
            Map<String, JsonNode> inline,
            Map<String, String> managed,
            @Nullable String boundary) {}

    private record GrantsChange(Instant at, Grants grants) {}

    /** Policies as the caller wrote them, by name. */
    final Map<String, String> inline = new TreeMap<>();
    /** Names of managed policies by ARN. */
    final Map<String, String> managed = new TreeMap<>();
    /** The ids of the roles that the trust policy names, by ARN; kept when such a role is deleted. */
    Map<String, String> trusted = Map.of();

    private final Deque<GrantsChange> changes = new ArrayDeque<>();

    /** Records a change, which the other services see after a while. */
    void changed(Role role, Instant now) {
        Map<String, JsonNode> documents = new TreeMap<>();
        inline.forEach((policy, text) -> documents.put(policy, PolicyEvaluation.read(text)));
        String boundary = role.permissionsBoundary() == null
                ? null
                : role.permissionsBoundary().permissionsBoundaryArn();
        JsonNode trust = PolicyEvaluation.read(role.assumeRolePolicyDocument());
        changes.addLast(new GrantsChange(now, new Grants(trust, documents, Map.copyOf(managed), boundary)));
    }

    /** @return null while the other services do not see the role at all */
    @Nullable
    Grants effective(Predicate<Instant> propagated) {
        GrantsChange seen = null;
        // The newest change that has arrived counts; older ones are never asked for again.
        for (GrantsChange next = changes.peekFirst();
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
