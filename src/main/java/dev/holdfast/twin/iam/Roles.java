package dev.holdfast.twin.iam;

import static dev.holdfast.twin.store.TwinErrors.refused;
import static dev.holdfast.twin.store.TwinErrors.shortened;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinTags;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.*;

/** The roles of an account, including those that AWS creates for its services. */
final class Roles {
    private static final Map<String, String> LINKED_ROLES = Map.of(
            "ecs.amazonaws.com", "AWSServiceRoleForECS",
            "ecs.application-autoscaling.amazonaws.com", "AWSServiceRoleForApplicationAutoScaling_ECSService",
            "elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing",
            "rds.amazonaws.com", "AWSServiceRoleForRDS",
            "elasticache.amazonaws.com", "AWSServiceRoleForElastiCache");

    private final TwinContext context;
    /** The roles by name; the trust policies keep the text of the caller. */
    final ResourceStore<Role, Role.Builder> store;

    private final Map<String, RoleAccess> access = new HashMap<>();

    Roles(TwinContext context) {
        this.context = context;
        this.store = context.store(Role::builder, Role::roleName)
                .type("iam:role")
                .arn(Role::arn)
                .pages(1000, 100)
                .missing(name -> RoleRules.noSuchEntity("The role with name " + name + " cannot be found."))
                .shows((role, shown) -> shown.assumeRolePolicyDocument(shownTrust(role.shape())))
                .showsTags()
                .detail(role -> role.text() + " " + trust(role.shape()) + " " + access(role.shape()).inline + " "
                        + access(role.shape()).managed)
                .tagRules((more, after) -> {
                    if (after.size() > 50) {
                        throw RoleRules.limit("The number of tags has reached the maximum limit.");
                    }
                });
    }

    Role shown(Role role) {
        return store.shown(role);
    }

    RoleDetail detail(Role role) {
        RoleDetail.Builder detail = SdkShapes.copy(shown(role), RoleDetail.builder())
                .instanceProfileList(List.of())
                .rolePolicyList(access(role).inline.entrySet().stream()
                        .map(e -> PolicyDetail.builder()
                                .policyName(e.getKey())
                                .policyDocument(PolicyEvaluation.encoded(e.getValue()))
                                .build())
                        .toList())
                .attachedManagedPolicies(attached(role));
        return TwinTags.show(store.tags(role.roleName()), detail).build();
    }

    List<AttachedPolicy> attached(Role role) {
        return access(role).managed.entrySet().stream()
                .map(e -> AttachedPolicy.builder()
                        .policyArn(e.getKey())
                        .policyName(e.getValue())
                        .build())
                .toList();
    }

    private String shownTrust(Role role) {
        return PolicyEvaluation.encoded(trust(role));
    }

    /** IAM shows a deleted role in a trust policy by its id, even if another role now has the same name. */
    private String trust(Role role) {
        String text = role.assumeRolePolicyDocument();
        for (Map.Entry<String, String> e : access(role).trusted.entrySet()) {
            Role named = find(e.getKey());
            if (named == null || !named.roleId().equals(e.getValue())) {
                text = text.replace('"' + e.getKey() + '"', '"' + e.getValue() + '"');
            }
        }
        return text;
    }

    RoleAccess access(Role role) {
        return Objects.requireNonNull(access.get(role.roleName()));
    }

    void changed(Role role) {
        access(role).changed(role, context.now());
    }

    /** The role, visible or not; null if it does not exist. */
    @Nullable
    Role find(@Nullable String arnOrName) {
        if (arnOrName == null || !arnOrName.startsWith("arn:")) {
            return store.get(arnOrName);
        }
        Role role = store.get(arnOrName.substring(arnOrName.lastIndexOf('/') + 1));
        return role != null && role.arn().equals(arnOrName) ? role : null;
    }

    /** The role; throws NoSuchEntity if it is not visible to callers. */
    Role seen(@Nullable String name) {
        return store.seen(name).shape();
    }

    /** The role if it is visible and not AWS's own; otherwise throws IAM's error. */
    Role modifiable(@Nullable String name) {
        Role role = seen(name);
        if (role.path().startsWith("/aws-service-role/")) {
            throw refused(
                    "UnmodifiableEntity",
                    "Cannot perform the operation on the protected role '" + name
                            + "' - this role is only modifiable by AWS");
        }
        return role;
    }

    /** All visible roles, by name. */
    Stream<Role> sorted() {
        return store.visible().map(role -> store.need(role.roleName())).sorted(Comparator.comparing(Role::roleName));
    }

    void checkFree(String name) {
        if (store.has(name)) {
            throw shortened(EntityAlreadyExistsException.builder(), 409, "Role with name " + name + " already exists.");
        }
    }

    /** @param trusted the ids of the roles that the trust policy names, by ARN */
    Role add(Role.Builder asked, Map<String, String> tags, Map<String, String> trusted) {
        Role role = asked.build();
        Role made = store.add(
                asked.roleId("AROA" + context.hex(17).toUpperCase(Locale.ROOT))
                        .arn("arn:aws:iam::" + context.account() + ":role" + role.path() + role.roleName())
                        .maxSessionDuration(Objects.requireNonNullElse(role.maxSessionDuration(), 3600))
                        .createDate(context.now())
                        .build(),
                tags);
        RoleAccess policies = new RoleAccess();
        policies.trusted = trusted;
        access.put(made.roleName(), policies);
        changed(made);
        return made;
    }

    void remove(Role role) {
        store.remove(role.roleName());
        access.remove(role.roleName());
    }

    /** Creates the role as AWS does on its own; an existing role does not change. */
    void ensureServiceLinked(String service, String name) {
        if (!store.has(name)) {
            addServiceLinked(service, name);
        }
    }

    /** Creates the role for a caller; throws if it exists or if the service has none. */
    Role addServiceLinked(@Nullable String service) {
        String name = service == null ? null : LINKED_ROLES.get(service);
        if (service == null || name == null) {
            throw refused("InvalidInput", "Service " + service + " does not have a service-linked role");
        }
        if (store.has(name)) {
            throw refused(
                    "InvalidInput",
                    "Service role name " + name + " has been taken in this account, please try a different suffix.");
        }
        return addServiceLinked(service, name);
    }

    private Role addServiceLinked(String service, String name) {
        String trust = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\""
                + service + "\"},\"Action\":\"sts:AssumeRole\"}]}";
        return add(
                Role.builder()
                        .roleName(name)
                        .path("/aws-service-role/" + service + "/")
                        .assumeRolePolicyDocument(trust),
                Map.of(),
                Map.of());
    }
}
