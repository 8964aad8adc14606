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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
    private final ResourceStore<DBParameterGroup, DBParameterGroup.Builder> parameterGroups;
    private final DatabaseInstances instances;

    public TwinRds(TwinContext context) {
        this.context = context;
        this.subnetGroups = context.store(DBSubnetGroup::builder, DBSubnetGroup::dbSubnetGroupName)
                .type("rds:subgrp")
                .arn(DBSubnetGroup::dbSubnetGroupArn)
                .missing(name ->
                        fault(404, "DBSubnetGroupNotFoundFault", "DB subnet group '" + name + "' does not exist."))
                .pages(PAGE)
                .tagRules(TAG_RULES);
        this.parameterGroups = context.store(DBParameterGroup::builder, DBParameterGroup::dbParameterGroupName)
                .type("rds:pg")
                .arn(DBParameterGroup::dbParameterGroupArn)
                .missing(name -> fault(404, "DBParameterGroupNotFound", "DBParameterGroup not found: " + name))
                .pages(PAGE)
                .tagRules(TAG_RULES);
        this.instances = new DatabaseInstances(context, subnetGroups, parameterGroups);
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

    /** The resource ids of deleted instances whose automated backups are kept. */
    public Set<String> retainedBackups() {
        return instances.retainedBackups();
    }

    @Override
    public CreateDbSubnetGroupResponse createDBSubnetGroup(CreateDbSubnetGroupRequest r) {
        String name = r.dbSubnetGroupName().toLowerCase(Locale.ROOT);
        if (subnetGroups.has(name)) {
            throw fault(400, "DBSubnetGroupAlreadyExists", "The DB subnet group '" + name + "' already exists.");
        }
        List<Subnet> subnets = subnets(r.subnetIds());
        String arn = context.arn("rds", "subgrp:" + name);
        DBSubnetGroup made = subnetGroups.create(
                r,
                g -> g.dbSubnetGroupName(name)
                        .dbSubnetGroupArn(arn)
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
        return subnetGroups.page(r, DescribeDbSubnetGroupsResponse.builder(), one(subnetGroups, r.dbSubnetGroupName()));
    }

    private static <
                    T extends
                            software.amazon.awssdk.core.SdkPojo
                                    & software.amazon.awssdk.utils.builder.ToCopyableBuilder<B, T>,
                    B extends
                            software.amazon.awssdk.core.SdkPojo
                                    & software.amazon.awssdk.utils.builder.CopyableBuilder<B, T>>
            Stream<T> one(ResourceStore<T, B> store, @Nullable String name) {
        return store.visible(name == null ? List.of() : List.of(name.toLowerCase(Locale.ROOT)), List.of());
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
        String name = subnetGroups.seen(r.dbSubnetGroupName()).id();
        if (instances.stream()
                .anyMatch(db -> db.dbSubnetGroup().dbSubnetGroupName().equals(name))) {
            throw fault(
                    400,
                    "InvalidDBSubnetGroupStateFault",
                    "Cannot delete the subnet group '" + name
                            + "' because at least one database instance is still using it.");
        }
        subnetGroups.delete(name);
        return DeleteDbSubnetGroupResponse.builder().build();
    }

    @Override
    public CreateDbParameterGroupResponse createDBParameterGroup(CreateDbParameterGroupRequest r) {
        String name = r.dbParameterGroupName().toLowerCase(Locale.ROOT);
        if (parameterGroups.has(name)) {
            throw fault(400, "DBParameterGroupAlreadyExists", "Parameter group " + name + " already exists");
        }
        if (!EngineParameters.hasFamily(r.dbParameterGroupFamily())) {
            throw invalid(
                    "ParameterGroupFamily " + r.dbParameterGroupFamily() + " is not a valid parameter group family");
        }
        DBParameterGroup made = parameterGroups.create(
                r, g -> g.dbParameterGroupName(name).dbParameterGroupArn(context.arn("rds", "pg:" + name)));
        return CreateDbParameterGroupResponse.builder().dbParameterGroup(made).build();
    }

    @Override
    public DescribeDbParameterGroupsResponse describeDBParameterGroups(DescribeDbParameterGroupsRequest r) {
        return parameterGroups.page(
                r, DescribeDbParameterGroupsResponse.builder(), one(parameterGroups, r.dbParameterGroupName()));
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
        String name = parameterGroups.seen(r.dbParameterGroupName()).id();
        if (instances.stream()
                .anyMatch(db ->
                        db.dbParameterGroups().getFirst().dbParameterGroupName().equals(name))) {
            throw fault(
                    400,
                    "InvalidDBParameterGroupState",
                    "One or more database instances are still members of this parameter group " + name
                            + ", so the group cannot be deleted");
        }
        parameterGroups.delete(name);
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
        return instances.tags(name);
    }

    @Override
    public List<TwinItem> inventory() {
        return Stream.of(subnetGroups.items(), parameterGroups.items(), instances.items())
                .flatMap(List::stream)
                .toList();
    }
}
