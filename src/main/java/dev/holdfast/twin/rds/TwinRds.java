package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.invalid;

import dev.holdfast.twin.store.EventSource;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.*;

/** The twin of RDS: instances, clusters of Aurora, subnet groups and parameter groups. It runs no databases. */
public final class TwinRds implements RdsClient, TwinService, EventSource, ParameterGroupCalls {
    private static final int PAGE = 100;

    private final TwinContext context;
    private final SubnetGroups subnetGroups;
    private final ParameterGroups<DBParameterGroup, DBParameterGroup.Builder> parameterGroups;
    private final ParameterGroups<DBClusterParameterGroup, DBClusterParameterGroup.Builder> clusterGroups;
    private final InstanceCreation creation;
    private final DatabaseInstances instances;
    private final DatabaseSnapshots snapshots;
    private final DatabaseClusters clusters;
    private final ClusterSnapshots clusterSnapshots;
    private final DatabaseEvents events;

    public TwinRds(TwinContext context) {
        this.context = context;
        this.subnetGroups = new SubnetGroups(context);
        this.parameterGroups = ParameterGroups.ofInstances(context);
        this.clusterGroups = ParameterGroups.ofClusters(context);
        this.snapshots = new DatabaseSnapshots(context);
        this.clusterSnapshots = new ClusterSnapshots(context);
        this.events = new DatabaseEvents(context);
        var groups = new InstanceGroups(context, parameterGroups);
        var store = DatabaseInstances.store(context);
        this.clusters =
                new DatabaseClusters(context, subnetGroups, clusterGroups, groups, clusterSnapshots, events, store);
        this.creation = new InstanceCreation(context, store, subnetGroups, groups, clusters.members());
        this.instances = new DatabaseInstances(context, store, creation, groups, clusters.members(), snapshots, events);
    }

    static final TagRules TAG_RULES = TagRules.of(
            () -> invalid("The number of tags exceeds the limit of 50"),
            key -> invalid("Tag keys that begin with aws: are reserved for system use"));

    /** Opens the maintenance window of an instance: RDS applies the changes that wait for the window. */
    public void openWindow(String instance) {
        instances.applyPending(instance);
    }

    /** Opens the maintenance window of a cluster: RDS applies the changes that wait for the window. */
    public void openWindowOfCluster(String cluster) {
        clusters.applyPending(cluster);
    }

    /** Puts a cluster into a status in which RDS waits for a call. */
    public void breaksCluster(String cluster, String status) {
        clusters.breaks(cluster, status);
    }

    /** RDS accepts the next change of a cluster, fails to apply it, and gives the reason in an event. */
    public void failsNextOfCluster(String cluster, String why) {
        clusters.failsNext(cluster, why);
    }

    /** Puts an instance into a status in which RDS waits for a call. */
    public void breaks(String instance, String status) {
        instances.breaks(instance, status);
    }

    /** RDS accepts the next change of an instance, fails to apply it, and gives the reason in an event. */
    public void failsNext(String instance, String why) {
        instances.failsNext(instance, why);
    }

    /** From now on RDS creates no instance of this version; existing instances stay. */
    public void withdraws(String engine, String version) {
        creation.withdraws(engine, version);
    }

    /** From now on RDS offers this class only from this version of the engine on. */
    public void offers(String dbClass, String from) {
        creation.classes.offers(dbClass, from);
    }

    /** Another service lists a copy of the instance under this name: DocumentDB and Neptune share RDS's API. */
    public void lists(String instance, String copy, String engine) {
        instances.lists(instance, copy, engine);
    }

    /** RDS could not apply the parameter group of the instance. */
    public void failsToApplyParameters(String instance) {
        instances.parametersFail(instance);
    }

    /** RDS installs a version on its own, as it does when it withdraws the old version. */
    public void upgrades(String instance, String version) {
        instances.upgrades(instance, version);
    }

    /** The resource ids of deleted instances whose automated backups remain. */
    public Set<String> retainedBackups() {
        return snapshots.retained().stream()
                .map(DBInstanceAutomatedBackup::dbiResourceId)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The resource ids of deleted clusters whose automated backups remain. */
    public Set<String> retainedClusterBackups() {
        return clusterSnapshots.retained().stream()
                .map(DBClusterAutomatedBackup::dbClusterResourceId)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void catchUp() {
        instances.settle();
        clusters.settle();
    }

    @Override
    public CreateDbSubnetGroupResponse createDBSubnetGroup(CreateDbSubnetGroupRequest r) {
        return CreateDbSubnetGroupResponse.builder()
                .dbSubnetGroup(subnetGroups.create(r))
                .build();
    }

    @Override
    public DescribeDbSubnetGroupsResponse describeDBSubnetGroups(DescribeDbSubnetGroupsRequest r) {
        return subnetGroups.page(r);
    }

    @Override
    public ModifyDbSubnetGroupResponse modifyDBSubnetGroup(ModifyDbSubnetGroupRequest r) {
        return ModifyDbSubnetGroupResponse.builder()
                .dbSubnetGroup(subnetGroups.modify(r))
                .build();
    }

    @Override
    public DeleteDbSubnetGroupResponse deleteDBSubnetGroup(DeleteDbSubnetGroupRequest r) {
        subnetGroups.delete(
                r,
                name -> instances.stream()
                                .anyMatch(db ->
                                        db.dbSubnetGroup().dbSubnetGroupName().equals(name))
                        || clusters.stream().anyMatch(c -> c.dbSubnetGroup().equals(name)));
        return DeleteDbSubnetGroupResponse.builder().build();
    }

    @Override
    public ParameterGroups<DBParameterGroup, DBParameterGroup.Builder> parameterGroups() {
        return parameterGroups;
    }

    @Override
    public ParameterGroups<DBClusterParameterGroup, DBClusterParameterGroup.Builder> clusterGroups() {
        return clusterGroups;
    }

    @Override
    public DatabaseInstances instances() {
        return instances;
    }

    @Override
    public DatabaseClusters clusters() {
        return clusters;
    }

    @Override
    public CreateDbClusterResponse createDBCluster(CreateDbClusterRequest r) {
        return CreateDbClusterResponse.builder().dbCluster(clusters.create(r)).build();
    }

    @Override
    public RestoreDbClusterFromSnapshotResponse restoreDBClusterFromSnapshot(RestoreDbClusterFromSnapshotRequest r) {
        return RestoreDbClusterFromSnapshotResponse.builder()
                .dbCluster(clusters.restore(r))
                .build();
    }

    @Override
    public DescribeDbClustersResponse describeDBClusters(DescribeDbClustersRequest r) {
        instances.settle();
        return clusters.page(r);
    }

    @Override
    public ModifyDbClusterResponse modifyDBCluster(ModifyDbClusterRequest r) {
        instances.settle();
        return ModifyDbClusterResponse.builder().dbCluster(clusters.modify(r)).build();
    }

    @Override
    public FailoverDbClusterResponse failoverDBCluster(FailoverDbClusterRequest r) {
        instances.settle();
        return FailoverDbClusterResponse.builder()
                .dbCluster(clusters.failover(r))
                .build();
    }

    @Override
    public DeleteDbClusterResponse deleteDBCluster(DeleteDbClusterRequest r) {
        instances.settle();
        return DeleteDbClusterResponse.builder().dbCluster(clusters.delete(r)).build();
    }

    @Override
    public CreateDbClusterSnapshotResponse createDBClusterSnapshot(CreateDbClusterSnapshotRequest r) {
        return CreateDbClusterSnapshotResponse.builder()
                .dbClusterSnapshot(clusters.snapshot(r.dbClusterSnapshotIdentifier(), r.dbClusterIdentifier()))
                .build();
    }

    @Override
    public DescribeDbClusterSnapshotsResponse describeDBClusterSnapshots(DescribeDbClusterSnapshotsRequest r) {
        return clusterSnapshots.page(r);
    }

    @Override
    public DescribeDbClusterAutomatedBackupsResponse describeDBClusterAutomatedBackups(
            DescribeDbClusterAutomatedBackupsRequest r) {
        return clusterSnapshots.page(r);
    }

    @Override
    public CreateDbInstanceResponse createDBInstance(CreateDbInstanceRequest r) {
        return CreateDbInstanceResponse.builder()
                .dbInstance(instances.create(r))
                .build();
    }

    @Override
    public DescribeDbInstancesResponse describeDBInstances(DescribeDbInstancesRequest r) {
        return instances.page(r);
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
    public DescribeOrderableDbInstanceOptionsResponse describeOrderableDBInstanceOptions(
            DescribeOrderableDbInstanceOptionsRequest r) {
        return DescribeOrderableDbInstanceOptionsResponse.builder()
                .orderableDBInstanceOptions(creation.classes.options(
                        r,
                        instances.stream()
                                .filter(db -> db.engine().equals(r.engine()))
                                .map(DBInstance::engineVersion)))
                .build();
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
        return tagged(r.resourceName()).showTags(ListTagsForResourceResponse.builder());
    }

    @Override
    public AddTagsToResourceResponse addTagsToResource(AddTagsToResourceRequest r) {
        return tagged(r.resourceName()).tag(r, AddTagsToResourceResponse.builder());
    }

    @Override
    public RemoveTagsFromResourceResponse removeTagsFromResource(RemoveTagsFromResourceRequest r) {
        return tagged(r.resourceName()).untag(r.tagKeys(), RemoveTagsFromResourceResponse.builder());
    }

    private StoredResource<?> tagged(String arn) {
        String before = arn.substring(0, Math.max(0, arn.lastIndexOf(':')));
        ResourceStore<?, ?> store = switch (before.substring(before.lastIndexOf(':') + 1)) {
            case "subgrp" -> subnetGroups.store;
            case "pg" -> parameterGroups.store;
            case "cluster-pg" -> clusterGroups.store;
            case "snapshot" -> snapshots.store;
            case "cluster-snapshot" -> clusterSnapshots.store;
            case "cluster" -> clusters.store;
            case "db" -> instances.store;
            default -> throw invalid("Invalid resource name: " + arn);
        };
        return store.seen(arn.substring(arn.lastIndexOf(':') + 1));
    }

    @Override
    public List<TwinItem> inventory() {
        catchUp();
        return ResourceStore.items(
                subnetGroups.store, parameterGroups.store, clusterGroups.store, instances.store, clusters.store);
    }
}
