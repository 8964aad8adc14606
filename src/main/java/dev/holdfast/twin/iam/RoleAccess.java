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

/** The policies of a role, and the part of them that other services already apply. */
final class RoleAccess {
    /**
     * The documents that decide about access.
     *
     * @param inline the inline policies by name
     */
    record Grants(
            JsonNode trust,
            Map<String, JsonNode> inline,
            Map<String, String> managed,
            @Nullable String boundary) {}

    private record GrantsChange(Instant at, Grants grants) {}

    /** The policies by name, in the text of the caller. */
    final Map<String, String> inline = new TreeMap<>();
    /** The names of managed policies by ARN. */
    final Map<String, String> managed = new TreeMap<>();
    /** The ids of the roles that the trust policy names, by ARN. They stay when such a role is deleted. */
    Map<String, String> trusted = Map.of();

    private final Deque<GrantsChange> changes = new ArrayDeque<>();

    /** Records a change. Other services apply it after a while. */
    void changed(Role role, Instant now) {
        Map<String, JsonNode> documents = new TreeMap<>();
        inline.forEach((policy, text) -> documents.put(policy, PolicyEvaluation.read(text)));
        String boundary = role.permissionsBoundary() == null
                ? null
                : role.permissionsBoundary().permissionsBoundaryArn();
        JsonNode trust = PolicyEvaluation.read(role.assumeRolePolicyDocument());
        changes.addLast(new GrantsChange(now, new Grants(trust, documents, Map.copyOf(managed), boundary)));
    }

    /** @return null until other services can see the role */
    @Nullable
    Grants effective(Predicate<Instant> propagated) {
        GrantsChange seen = null;
        // The newest change that has propagated counts; older ones are never needed again.
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
