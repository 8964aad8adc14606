package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.*;

/** Snapshots of clusters. */
final class ClusterSnapshots extends Snapshots<DBClusterSnapshot, DBClusterSnapshot.Builder, DBClusterAutomatedBackup> {
    ClusterSnapshots(TwinContext context) {
        super(
                context,
                context.store(DBClusterSnapshot::builder, DBClusterSnapshot::dbClusterSnapshotIdentifier)
                        .type("rds:cluster-snapshot")
                        .arn(DBClusterSnapshot::dbClusterSnapshotArn)
                        .missing(name -> error(
                                404, "DBClusterSnapshotNotFoundFault", "DBClusterSnapshot " + name + " not found")));
    }

    /** @param tags the tags of the cluster, if it copies its tags to snapshots */
    DBClusterSnapshot make(@Nullable String asked, DBCluster cluster, Map<String, String> tags) {
        String name = free(asked, "DBClusterSnapshotAlreadyExistsFault");
        DBClusterSnapshot.Builder made = SdkShapes.copy(cluster, DBClusterSnapshot.builder());
        made.dbClusterSnapshotIdentifier(name)
                .dbClusterSnapshotArn(context.arn("rds", "cluster-snapshot:" + name))
                .snapshotType("manual")
                .status("available")
                .percentProgress(100)
                .snapshotCreateTime(context.now())
                .tagList((List<Tag>) null);
        return store.add(made.build(), tags);
    }

    void retain(DBCluster cluster) {
        retain(SdkShapes.copy(cluster, DBClusterAutomatedBackup.builder())
                .status("retained")
                .dbClusterAutomatedBackupsArn(context.arn("rds", "cluster-auto-backup:ab-" + context.hex(26)))
                .build());
    }

    DescribeDbClusterSnapshotsResponse page(DescribeDbClusterSnapshotsRequest r) {
        if (r.dbClusterIdentifier() != null && r.dbClusterSnapshotIdentifier() != null) {
            throw combination("You can't specify both DBClusterIdentifier and DBClusterSnapshotIdentifier.");
        }
        return store.page(
                r,
                DescribeDbClusterSnapshotsResponse.builder(),
                selected(r.dbClusterSnapshotIdentifier())
                        .filter(s -> r.dbClusterIdentifier() == null
                                || s.dbClusterIdentifier().equalsIgnoreCase(r.dbClusterIdentifier()))
                        .filter(s -> r.dbClusterResourceId() == null
                                || s.dbClusterResourceId().equals(r.dbClusterResourceId()))
                        .filter(s ->
                                r.snapshotType() == null || s.snapshotType().equals(r.snapshotType())));
    }

    DescribeDbClusterAutomatedBackupsResponse page(DescribeDbClusterAutomatedBackupsRequest r) {
        return pageOfBackups(
                r,
                DescribeDbClusterAutomatedBackupsResponse.builder(),
                b -> (r.dbClusterIdentifier() == null
                                || b.dbClusterIdentifier().equalsIgnoreCase(r.dbClusterIdentifier()))
                        && (r.dbClusterResourceId() == null
                                || b.dbClusterResourceId().equals(r.dbClusterResourceId())));
    }
}
