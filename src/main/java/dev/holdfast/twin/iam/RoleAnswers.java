package dev.holdfast.twin.iam;

import dev.holdfast.twin.store.TwinTags;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.AttachedPermissionsBoundary;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.PolicyDetail;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.RoleDetail;
import software.amazon.awssdk.services.iam.model.Tag;

/** A role in the forms in which IAM answers with it. */
final class RoleAnswers {
    private final Function<String, @Nullable TwinRole> find;

    /** @param find the role of an ARN */
    RoleAnswers(Function<String, @Nullable TwinRole> find) {
        this.find = find;
    }

    Role role(TwinRole role) {
        return Role.builder()
                .path(role.path)
                .roleName(role.name)
                .roleId(role.id)
                .arn(role.arn)
                .createDate(role.createdAt)
                .assumeRolePolicyDocument(trust(role))
                .description(role.description)
                .maxSessionDuration(role.maxSessionDuration)
                .permissionsBoundary(boundary(role))
                .tags(tags(role))
                .build();
    }

    RoleDetail detail(TwinRole role) {
        return RoleDetail.builder()
                .path(role.path)
                .roleName(role.name)
                .roleId(role.id)
                .arn(role.arn)
                .createDate(role.createdAt)
                .assumeRolePolicyDocument(trust(role))
                .instanceProfileList(List.of())
                .rolePolicyList(role.inline.entrySet().stream()
                        .map(e -> PolicyDetail.builder()
                                .policyName(e.getKey())
                                .policyDocument(TwinPolicies.encoded(e.getValue()))
                                .build())
                        .toList())
                .attachedManagedPolicies(attached(role))
                .permissionsBoundary(boundary(role))
                .tags(tags(role))
                .build();
    }

    /** A role that the policy names and that is gone shows as its id, also when another has taken its name since. */
    private String trust(TwinRole role) {
        String text = role.trust;
        for (Map.Entry<String, String> e : role.trusted.entrySet()) {
            TwinRole named = find.apply(e.getKey());
            if (named == null || !named.id.equals(e.getValue())) {
                text = text.replace('"' + e.getKey() + '"', '"' + e.getValue() + '"');
            }
        }
        return TwinPolicies.encoded(text);
    }

    private static @Nullable AttachedPermissionsBoundary boundary(TwinRole role) {
        return role.boundary == null
                ? null
                : AttachedPermissionsBoundary.builder()
                        .permissionsBoundaryArn(role.boundary)
                        .permissionsBoundaryType("Policy")
                        .build();
    }

    static List<AttachedPolicy> attached(TwinRole role) {
        return role.managed.entrySet().stream()
                .map(e -> AttachedPolicy.builder()
                        .policyArn(e.getKey())
                        .policyName(e.getValue())
                        .build())
                .toList();
    }

    static List<Tag> tags(TwinRole role) {
        return TwinTags.list(role.tags, (k, v) -> Tag.builder().key(k).value(v).build());
    }
}
