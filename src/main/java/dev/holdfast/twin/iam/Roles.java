package dev.holdfast.twin.iam;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinTable;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;

/** The roles of an account, those among them that AWS makes for its services. */
final class Roles {
    private static final Map<String, String> LINKED_ROLES = Map.of(
            "ecs.amazonaws.com", "AWSServiceRoleForECS",
            "ecs.application-autoscaling.amazonaws.com", "AWSServiceRoleForApplicationAutoScaling_ECSService",
            "elasticloadbalancing.amazonaws.com", "AWSServiceRoleForElasticLoadBalancing",
            "rds.amazonaws.com", "AWSServiceRoleForRDS",
            "elasticache.amazonaws.com", "AWSServiceRoleForElastiCache");

    private final TwinContext context;
    private final TwinTable<TwinRole> roles;

    Roles(TwinContext context) {
        this.context = context;
        this.roles = new TwinTable<>(context);
    }

    /** What is, seen or not; null if there is none. */
    @Nullable
    TwinRole find(@Nullable String arnOrName) {
        if (arnOrName == null || !arnOrName.startsWith("arn:")) {
            return roles.get(arnOrName);
        }
        TwinRole role = roles.get(arnOrName.substring(arnOrName.lastIndexOf('/') + 1));
        return role != null && role.arn.equals(arnOrName) ? role : null;
    }

    /** What a caller sees, or NoSuchEntity. */
    TwinRole seen(@Nullable String name) {
        TwinRole role = roles.visible(name);
        if (role == null) {
            throw RoleRules.noSuchEntity("The role with name " + name + " cannot be found.");
        }
        return role;
    }

    /** The same, and refused if it is AWS's own. */
    TwinRole modifiable(@Nullable String name) {
        TwinRole role = seen(name);
        if (role.serviceLinked()) {
            throw RoleRules.error(
                    400,
                    "UnmodifiableEntity",
                    "Cannot perform the operation on the protected role '" + name
                            + "' - this role is only modifiable by AWS");
        }
        return role;
    }

    /** All that a caller sees, by name. */
    List<TwinRole> sorted() {
        return roles.visible().stream()
                .sorted(Comparator.comparing(role -> role.name))
                .toList();
    }

    /** All, in the order in which they were made. */
    List<TwinRole> all() {
        return roles.all();
    }

    void checkFree(String name) {
        if (roles.get(name) != null) {
            throw TwinErrors.error(
                    EntityAlreadyExistsException.builder(),
                    409,
                    "EntityAlreadyExists",
                    "Role with name " + name + " already exists.");
        }
    }

    TwinRole add(String name, String path, String trust) {
        TwinRole role = new TwinRole(
                name,
                path,
                "AROA" + context.hex(17).toUpperCase(Locale.ROOT),
                "arn:aws:iam::" + context.account() + ":role" + path + name,
                trust,
                context.now());
        roles.put(name, role);
        return role;
    }

    void remove(TwinRole role) {
        roles.remove(role.name);
    }

    /** As AWS makes it by itself; one that is there stays. */
    void ensureServiceLinked(String service, String name) {
        if (roles.get(name) == null) {
            addServiceLinked(service, name);
        }
    }

    /** As somebody asks for it: refused if there is one, or if the service has none. */
    TwinRole addServiceLinked(@Nullable String service) {
        String name = service == null ? null : LINKED_ROLES.get(service);
        if (service == null || name == null) {
            throw RoleRules.error(400, "InvalidInput", "Service " + service + " does not have a service-linked role");
        }
        if (roles.get(name) != null) {
            throw RoleRules.error(
                    400,
                    "InvalidInput",
                    "Service role name " + name + " has been taken in this account, please try a different suffix.");
        }
        return addServiceLinked(service, name);
    }

    private TwinRole addServiceLinked(String service, String name) {
        String trust = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\""
                + service + "\"},\"Action\":\"sts:AssumeRole\"}]}";
        TwinRole role = add(name, "/aws-service-role/" + service + "/", trust);
        role.changed(context.now());
        return role;
    }
}
