package dev.holdfast.twin.rds;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.TwinContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroup;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/**
 * The groups and the interface of an instance: its parameter group, its security groups, and the interface in its
 * subnet.
 */
final class InstanceGroups {
    private final TwinContext context;
    private final ParameterGroups<DBParameterGroup, DBParameterGroup.Builder> parameterGroups;
    private final Map<String, String> interfaces = new HashMap<>();

    InstanceGroups(TwinContext context, ParameterGroups<DBParameterGroup, DBParameterGroup.Builder> parameterGroups) {
        this.context = context;
        this.parameterGroups = parameterGroups;
    }

    void holds(String instance, String eni) {
        interfaces.put(instance, eni);
    }

    void leaves(String instance) {
        interfaces.remove(instance);
    }

    String group(String engine, String version, @Nullable String asked) {
        return parameterGroups.usable(asked, DatabaseVersions.family(engine, version));
    }

    List<String> securityGroups(String vpc, List<String> asked) {
        return context.peer(TwinEc2.class).securityGroups(vpc, asked);
    }

    static List<VpcSecurityGroupMembership> memberships(List<String> groups) {
        return groups.stream()
                .map(id -> VpcSecurityGroupMembership.builder()
                        .vpcSecurityGroupId(id)
                        .status("active")
                        .build())
                .toList();
    }

    static String of(DBInstance db) {
        return db.dbParameterGroups().getFirst().dbParameterGroupName();
    }

    static DBParameterGroupStatus status(String group, String apply) {
        return DBParameterGroupStatus.builder()
                .dbParameterGroupName(group)
                .parameterApplyStatus(apply)
                .build();
    }

    /** Sets the security groups of the instance's interface. */
    void secure(String instance, List<String> security) {
        context.peer(TwinEc2.class).setInterfaceGroups(held(instance), security);
    }

    /** The interface of an instance in its subnet. */
    String held(String name) {
        return Objects.requireNonNull(interfaces.get(name));
    }
}
