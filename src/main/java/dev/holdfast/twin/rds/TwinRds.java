package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.error;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.*;

/** The twin of RDS: instances, subnet groups and parameter groups. The databases themselves do not exist. */
public final class TwinRds implements RdsClient, TwinService {
    private static final int PAGE = 100;

    private final TwinContext context;
    private final ResourceStore<DBSubnetGroup, DBSubnetGroup.Builder> subnetGroups;
    private final NamedGroups<DBSubnetGroup, DBSubnetGroup.Builder> namedSubnetGroups;
    private final ResourceStore<DBParameterGroup, DBParameterGroup.Builder> parameterGroups;
    private final NamedGroups<DBParameterGroup, DBParameterGroup.Builder> namedParameterGroups;
    private final DatabaseInstances instances;
    private final DatabaseSnapshots snapshots;
    private final DatabaseEvents events;

    public TwinRds(TwinContext context) {
        this.context = context;
        this.subnetGroups = context.store(DBSubnetGroup::builder, DBSubnetGroup::dbSubnetGroupName)
                .type("rds:subgrp")
                .arn(DBSubnetGroup::dbSubnetGroupArn)
                .missing(name ->
                        fault(404, "DBSubnetGroupNotFoundFault", "DB subnet group '" + name + "' does not exist."));
        this.namedSubnetGroups = new NamedGroups<>(
                subnetGroups,
                name -> fault(400, "DBSubnetGroupAlreadyExists", "The DB subnet group '" + name + "' already exists."),
                name -> fault(
                        400,
                        "InvalidDBSubnetGroupStateFault",
                        "Cannot delete the subnet group '" + name
                                + "' because at least one database instance is still using it."));
        this.parameterGroups = context.store(DBParameterGroup::builder, DBParameterGroup::dbParameterGroupName)
                .type("rds:pg")
                .arn(DBParameterGroup::dbParameterGroupArn)
                .missing(name -> fault(404, "DBParameterGroupNotFound", "DBParameterGroup not found: " + name));
        this.namedParameterGroups = new NamedGroups<>(
                parameterGroups,
                name -> fault(400, "DBParameterGroupAlreadyExists", "Parameter group " + name + " already exists"),
                name -> fault(
                        400,
                        "InvalidDBParameterGroupState",
                        "One or more database instances are still members of this parameter group " + name
                                + ", so the group cannot be deleted"));
        this.snapshots = new DatabaseSnapshots(context);
        this.events = new DatabaseEvents(context);
        this.instances = new DatabaseInstances(context, subnetGroups, parameterGroups, snapshots, events);
    }

    static final TagRules TAG_RULES = TagRules.of(
            () -> invalid("The number of tags exceeds the limit of 50"),
            key -> invalid("Tag keys that begin with aws: are reserved for system use"));

    static AwsServiceException fault(int status, String code, String message) {
        return error(status, code, message);
    }

    static AwsServiceException invalid(String message) {
        return fault(400, "InvalidParameterValue", message);
    }

    static AwsServiceException combination(String message) {
        return fault(400, "InvalidParameterCombination", message);
    }

    /** The maintenance window of an instance has come: RDS makes the changes that wait for it. */
    public void openWindow(String instance) {
        instances.applyPending(instance);
    }

    /** An instance gets into a status in which RDS waits for somebody to act. */
    public void breaks(String instance, String status) {
        instances.breaks(instance, status);
    }

    /** RDS accepts the next change of an instance, fails to make it, and tells why in an event. */
    public void failsNext(String instance, String why) {
        instances.failsNext(instance, why);
    }

    /** The resource ids of deleted instances whose automated backups are kept. */
    public Set<String> retainedBackups() {
        return snapshots.retained().stream()
                .map(DBInstanceAutomatedBackup::dbiResourceId)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public CreateDbSubnetGroupResponse createDBSubnetGroup(CreateDbSubnetGroupRequest r) {
        String name = namedSubnetGroups.free(r.dbSubnetGroupName());
        List<Subnet> subnets = subnets(r.subnetIds());
        DBSubnetGroup made = subnetGroups.create(
                r,
                g -> g.dbSubnetGroupName(name)
                        .dbSubnetGroupArn(context.arn("rds", "subgrp:" + name))
                        .vpcId(vpc(r.subnetIds()))
                        .subnets(subnets)
                        .supportedNetworkTypes("IPV4")
                        .subnetGroupStatus("Complete"));
        return CreateDbSubnetGroupResponse.builder().dbSubnetGroup(made).build();
    }

    private @Nullable String vpc(List<String> ids) {
        return context.peer(TwinEc2.class).vpcOf(ids.getFirst());
    }

    private List<Subnet> subnets(List<String> ids) {
        List<Subnet> subnets = new ArrayList<>();
        Set<String> zones = new HashSet<>();
        for (String id : ids.stream().distinct().toList()) {
            software.amazon.awssdk.services.ec2.model.Subnet subnet =
                    context.peer(TwinEc2.class).subnet(id);
            if (subnet == null || !subnet.vpcId().equals(vpc(ids))) {
                throw fault(400, "InvalidSubnet", "Some input subnets in :[" + id + "] are invalid.");
            }
            zones.add(subnet.availabilityZone());
            subnets.add(Subnet.builder()
                    .subnetIdentifier(id)
                    .subnetAvailabilityZone(z -> z.name(subnet.availabilityZone()))
                    .subnetStatus("Active")
                    .build());
        }
        if (zones.size() < 2) {
            throw fault(
                    400,
                    "DBSubnetGroupDoesNotCoverEnoughAZs",
                    "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: "
                            + String.join(", ", zones) + ". Add subnets to cover at least 2 AZs.");
        }
        return subnets;
    }

    @Override
    public DescribeDbSubnetGroupsResponse describeDBSubnetGroups(DescribeDbSubnetGroupsRequest r) {
        return namedSubnetGroups.page(r, DescribeDbSubnetGroupsResponse.builder(), r.dbSubnetGroupName());
    }

    @Override
    public ModifyDbSubnetGroupResponse modifyDBSubnetGroup(ModifyDbSubnetGroupRequest r) {
        DBSubnetGroup old = subnetGroups.seen(r.dbSubnetGroupName()).shape();
        if (!old.vpcId().equals(vpc(r.subnetIds()))) {
            throw fault(400, "InvalidSubnet", "The new subnets are not in the same Vpc as the existing subnet group");
        }
        List<Subnet> subnets = subnets(r.subnetIds());
        DBSubnetGroup changed = subnetGroups.change(r.dbSubnetGroupName(), g -> {
            g.subnets(subnets);
            if (r.dbSubnetGroupDescription() != null) {
                g.dbSubnetGroupDescription(r.dbSubnetGroupDescription());
            }
        });
        return ModifyDbSubnetGroupResponse.builder().dbSubnetGroup(changed).build();
    }

    @Override
    public DeleteDbSubnetGroupResponse deleteDBSubnetGroup(DeleteDbSubnetGroupRequest r) {
        namedSubnetGroups.delete(
                r.dbSubnetGroupName(),
                name -> instances.stream()
                        .anyMatch(db -> db.dbSubnetGroup().dbSubnetGroupName().equals(name)));
        return DeleteDbSubnetGroupResponse.builder().build();
    }

    @Override
    public CreateDbParameterGroupResponse createDBParameterGroup(CreateDbParameterGroupRequest r) {
        if (!EngineParameters.hasFamily(r.dbParameterGroupFamily())) {
            throw invalid(
                    "ParameterGroupFamily " + r.dbParameterGroupFamily() + " is not a valid parameter group family");
        }
        String name = namedParameterGroups.free(r.dbParameterGroupName());
        DBParameterGroup made = parameterGroups.create(
                r, g -> g.dbParameterGroupName(name).dbParameterGroupArn(context.arn("rds", "pg:" + name)));
        return CreateDbParameterGroupResponse.builder().dbParameterGroup(made).build();
    }

    @Override
    public DescribeDbParameterGroupsResponse describeDBParameterGroups(DescribeDbParameterGroupsRequest r) {
        return namedParameterGroups.page(r, DescribeDbParameterGroupsResponse.builder(), r.dbParameterGroupName());
    }

    @Override
    public DescribeDbParametersResponse describeDBParameters(DescribeDbParametersRequest r) {
        var group = parameterGroups.seen(r.dbParameterGroupName());
        List<Parameter> all = EngineParameters.of(group.shape().dbParameterGroupFamily(), group.attributes())
                .filter(p -> r.source() == null || r.source().equals(p.source()))
                .toList();
        return context.page(r, DescribeDbParametersResponse.builder(), all, PAGE);
    }

    @Override
    public ModifyDbParameterGroupResponse modifyDBParameterGroup(ModifyDbParameterGroupRequest r) {
        var group = parameterGroups.seen(r.dbParameterGroupName());
        if (r.parameters().size() > 20) {
            throw invalid("A maximum of 20 parameters can be modified in a single request");
        }
        EngineParameters.check(group.shape().dbParameterGroupFamily(), r.parameters());
        r.parameters().forEach(p -> group.attributes().put(p.parameterName(), p.parameterValue()));
        instances.parametersChanged(group.id(), r.parameters());
        return ModifyDbParameterGroupResponse.builder()
                .dbParameterGroupName(group.id())
                .build();
    }

    @Override
    public ResetDbParameterGroupResponse resetDBParameterGroup(ResetDbParameterGroupRequest r) {
        var group = parameterGroups.seen(r.dbParameterGroupName());
        if (Boolean.TRUE.equals(r.resetAllParameters())) {
            group.attributes().clear();
        }
        r.parameters().forEach(p -> group.attributes().remove(p.parameterName()));
        return ResetDbParameterGroupResponse.builder()
                .dbParameterGroupName(group.id())
                .build();
    }

    @Override
    public DeleteDbParameterGroupResponse deleteDBParameterGroup(DeleteDbParameterGroupRequest r) {
        namedParameterGroups.delete(
                r.dbParameterGroupName(),
                name -> instances.stream().anyMatch(db -> InstanceGroups.of(db).equals(name)));
        return DeleteDbParameterGroupResponse.builder().build();
    }

    @Override
    public CreateDbInstanceResponse createDBInstance(CreateDbInstanceRequest r) {
        return CreateDbInstanceResponse.builder()
                .dbInstance(instances.create(r))
                .build();
    }

    @Override
    public DescribeDbInstancesResponse describeDBInstances(DescribeDbInstancesRequest r) {
        return instances.page(r, r.dbInstanceIdentifier());
    }

    @Override
    public ModifyDbInstanceResponse modifyDBInstance(ModifyDbInstanceRequest r) {
        return ModifyDbInstanceResponse.builder()
                .dbInstance(instances.modify(r))
                .build();
    }

    @Override
    public RestoreDbInstanceFromDbSnapshotResponse restoreDBInstanceFromDBSnapshot(
            RestoreDbInstanceFromDbSnapshotRequest r) {
        return RestoreDbInstanceFromDbSnapshotResponse.builder()
                .dbInstance(instances.restore(r))
                .build();
    }

    @Override
    public CreateDbSnapshotResponse createDBSnapshot(CreateDbSnapshotRequest r) {
        return CreateDbSnapshotResponse.builder()
                .dbSnapshot(instances.snapshot(r.dbSnapshotIdentifier(), r.dbInstanceIdentifier()))
                .build();
    }

    @Override
    public DescribeDbSnapshotsResponse describeDBSnapshots(DescribeDbSnapshotsRequest r) {
        return snapshots.page(r);
    }

    @Override
    public DescribeDbInstanceAutomatedBackupsResponse describeDBInstanceAutomatedBackups(
            DescribeDbInstanceAutomatedBackupsRequest r) {
        return snapshots.page(r);
    }

    @Override
    public DescribeEventsResponse describeEvents(DescribeEventsRequest r) {
        return events.page(r);
    }

    @Override
    public DescribeDbMajorEngineVersionsResponse describeDBMajorEngineVersions(DescribeDbMajorEngineVersionsRequest r) {
        return context.page(
                r,
                DescribeDbMajorEngineVersionsResponse.builder(),
                EngineLifecycles.of(r.engine(), r.majorEngineVersion()),
                PAGE);
    }

    @Override
    public RebootDbInstanceResponse rebootDBInstance(RebootDbInstanceRequest r) {
        return RebootDbInstanceResponse.builder()
                .dbInstance(instances.reboot(r))
                .build();
    }

    @Override
    public DeleteDbInstanceResponse deleteDBInstance(DeleteDbInstanceRequest r) {
        return DeleteDbInstanceResponse.builder()
                .dbInstance(instances.delete(r))
                .build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return TwinTags.show(tagged(r.resourceName()), ListTagsForResourceResponse.builder())
                .build();
    }

    @Override
    public AddTagsToResourceResponse addTagsToResource(AddTagsToResourceRequest r) {
        TwinTags.put(tagged(r.resourceName()), TwinTags.in(r), TAG_RULES);
        return AddTagsToResourceResponse.builder().build();
    }

    @Override
    public RemoveTagsFromResourceResponse removeTagsFromResource(RemoveTagsFromResourceRequest r) {
        tagged(r.resourceName()).keySet().removeAll(r.tagKeys());
        return RemoveTagsFromResourceResponse.builder().build();
    }

    /** The tags of the resource of an ARN, to be read and changed. */
    private Map<String, String> tagged(String arn) {
        String name = arn.substring(arn.lastIndexOf(':') + 1);
        if (arn.contains(":subgrp:")) {
            return subnetGroups.seen(name).tags();
        }
        if (arn.contains(":pg:")) {
            return parameterGroups.seen(name).tags();
        }
        return arn.contains(":snapshot:") ? snapshots.tags(name) : instances.tags(name);
    }

    @Override
    public List<TwinItem> inventory() {
        return Stream.of(subnetGroups.items(), parameterGroups.items(), instances.items())
                .flatMap(List::stream)
                .toList();
    }
}
