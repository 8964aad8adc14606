package dev.holdfast.kinds.rds;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbSubnetGroupRequest;
import software.amazon.awssdk.services.rds.model.DBSubnetGroup;
import software.amazon.awssdk.services.rds.model.DbSubnetGroupNotFoundException;
import software.amazon.awssdk.services.rds.model.ModifyDbSubnetGroupRequest;

/** The subnets that RDS may place a database in. */
@Singleton
public final class DbSubnetGroupKind extends DeclaredKind<DbSubnetGroupKind.Spec> {
    private static final int PAGE = 100;

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html">CreateDBSubnetGroup</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 255, lower = true, letterFirst = true)
            String dbSubnetGroupName,

            @Doc("The purpose of the group.") @Required String dbSubnetGroupDescription,

            @Doc("The VPC, which AWS derives from the subnets. If it is set, a move of the subnets to another VPC"
                    + " replaces the group, because AWS cannot move an existing one.")
            @Immutable
            @Ref("Vpc")
            String vpcId,

            @Doc("The subnets, in at least two zones of one VPC.")
            @Required
            @Ref("Subnet")
            @ReadFrom("subnets.subnetIdentifier")
            Set<String> subnetIds,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("DbSubnetGroup", Spec.class, RdsClient.class)
                .description("A subnet group: the subnets that RDS may place a database in.")
                .lists(
                        rds -> rds.describeDBSubnetGroupsPaginator(r -> r.maxRecords(PAGE))
                                .dbSubnetGroups(),
                        PointRead.of(
                                (rds, name) -> rds.describeDBSubnetGroups(r -> r.dbSubnetGroupName(name))
                                        .dbSubnetGroups(),
                                DbSubnetGroupNotFoundException.class))
                .named(DBSubnetGroup::dbSubnetGroupName)
                .arn(DBSubnetGroup::dbSubnetGroupArn)
                .tags(RdsTags.indexed("subgrp"))
                .createsNamed(CreateDbSubnetGroupRequest::builder, RdsClient::createDBSubnetGroup)
                // RDS requires the list of subnets in every modification.
                .changes(ModifyDbSubnetGroupRequest::builder, RdsClient::modifyDBSubnetGroup)
                .deletes((rds, name) -> rds.deleteDBSubnetGroup(r -> r.dbSubnetGroupName(name)))
                .output("name", "Its name.", DBSubnetGroup::dbSubnetGroupName)
                .output("arn", "Its ARN.", DBSubnetGroup::dbSubnetGroupArn)
                .fault("DBSubnetGroupAlreadyExists", EXISTS)
                .fault("InvalidDBSubnetGroupStateFault", DEPENDENCY)
                .fault("SubnetAlreadyInUse", DEPENDENCY)
                .permissions(Permissions.on("rds:{region}:{account}:subgrp:{name}"))
                .page("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html");
    }
}
