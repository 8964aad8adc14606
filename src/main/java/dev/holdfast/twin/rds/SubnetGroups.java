package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.NamedGroups;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.*;

/** Subnet groups. Each group spans at least two zones of one VPC. */
final class SubnetGroups {
    private final TwinContext context;
    final ResourceStore<DBSubnetGroup, DBSubnetGroup.Builder> store;
    private final NamedGroups<DBSubnetGroup, DBSubnetGroup.Builder> named;

    SubnetGroups(TwinContext context) {
        this.context = context;
        this.store = context.store(DBSubnetGroup::builder, DBSubnetGroup::dbSubnetGroupName)
                .type("rds:subgrp")
                .arn(DBSubnetGroup::dbSubnetGroupArn)
                .missing(name ->
                        error(404, "DBSubnetGroupNotFoundFault", "DB subnet group '" + name + "' does not exist."))
                .pages(100)
                .tagRules(TwinRds.TAG_RULES);
        this.named = new NamedGroups<>(
                store,
                name -> refused("DBSubnetGroupAlreadyExists", "The DB subnet group '" + name + "' already exists."),
                name -> refused(
                        "InvalidDBSubnetGroupStateFault",
                        "Cannot delete the subnet group '" + name
                                + "' because at least one database instance is still using it."));
    }

    DBSubnetGroup seen(@Nullable String name) {
        return store.seen(name).shape();
    }

    DBSubnetGroup create(CreateDbSubnetGroupRequest r) {
        String name = named.free(r.dbSubnetGroupName());
        List<Subnet> subnets = subnets(r.subnetIds());
        return store.create(
                r,
                g -> g.dbSubnetGroupName(name)
                        .dbSubnetGroupArn(context.arn("rds", "subgrp:" + name))
                        .vpcId(vpc(r.subnetIds()))
                        .subnets(subnets)
                        .supportedNetworkTypes("IPV4")
                        .subnetGroupStatus("Complete"));
    }

    private @Nullable String vpc(List<String> ids) {
        return context.peer(TwinEc2.class).vpcOf(ids.getFirst());
    }

    private List<Subnet> subnets(List<String> ids) {
        List<Subnet> subnets = context.peer(TwinEc2.class).subnets(vpc(ids), new LinkedHashSet<>(ids)).stream()
                .map(subnet -> Subnet.builder()
                        .subnetIdentifier(subnet.subnetId())
                        .subnetAvailabilityZone(z -> z.name(subnet.availabilityZone()))
                        .subnetStatus("Active")
                        .build())
                .toList();
        Set<String> zones =
                subnets.stream().map(s -> s.subnetAvailabilityZone().name()).collect(Collectors.toSet());
        if (zones.size() < 2) {
            throw refused(
                    "DBSubnetGroupDoesNotCoverEnoughAZs",
                    "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: "
                            + String.join(", ", zones) + ". Add subnets to cover at least 2 AZs.");
        }
        return subnets;
    }

    DescribeDbSubnetGroupsResponse page(DescribeDbSubnetGroupsRequest r) {
        return named.page(r, DescribeDbSubnetGroupsResponse.builder(), r.dbSubnetGroupName());
    }

    DBSubnetGroup modify(ModifyDbSubnetGroupRequest r) {
        DBSubnetGroup old = seen(r.dbSubnetGroupName());
        if (!old.vpcId().equals(vpc(r.subnetIds()))) {
            throw invalid("The new Subnets are not in the same Vpc as the existing subnet group");
        }
        List<Subnet> subnets = subnets(r.subnetIds());
        return store.change(r.dbSubnetGroupName(), g -> {
            g.subnets(subnets);
            if (r.dbSubnetGroupDescription() != null) {
                g.dbSubnetGroupDescription(r.dbSubnetGroupDescription());
            }
        });
    }

    void delete(DeleteDbSubnetGroupRequest r, Predicate<String> used) {
        named.delete(r.dbSubnetGroupName(), used);
    }
}
