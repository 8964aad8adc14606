package dev.holdfast.twin.rds;

import static dev.holdfast.twin.rds.TwinRds.combination;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.*;

/** Snapshots of clusters, and automated backups that remain after their cluster is deleted. */
final class ClusterSnapshots {
    private static final int PAGE = 100;

    private final TwinContext context;
    private final ResourceStore<DBClusterSnapshot, DBClusterSnapshot.Builder> store;
    private final List<DBClusterAutomatedBackup> retained = new ArrayList<>();

    ClusterSnapshots(TwinContext context) {
        this.context = context;
        this.store = context.store(DBClusterSnapshot::builder, DBClusterSnapshot::dbClusterSnapshotIdentifier)
                .type("rds:cluster-snapshot")
                .arn(DBClusterSnapshot::dbClusterSnapshotArn)
                .missing(name ->
                        error(404, "DBClusterSnapshotNotFoundFault", "DBClusterSnapshot " + name + " not found"))
                .pages(PAGE)
                .tagRules(TwinRds.TAG_RULES)
                .showsTags();
    }

    /** @param tags the tags of the cluster, if it copies its tags to snapshots */
    DBClusterSnapshot make(@Nullable String asked, DBCluster cluster, Map<String, String> tags) {
        String name = String.valueOf(asked).toLowerCase(Locale.ROOT);
        if (store.has(name)) {
            throw refused(
                    "DBClusterSnapshotAlreadyExistsFault",
                    "Cannot create the snapshot because a snapshot with the identifier " + name + " already exists.");
        }
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

    DBClusterSnapshot seen(@Nullable String name) {
        return store.seen(String.valueOf(name).toLowerCase(Locale.ROOT)).shape();
    }

    Map<String, String> tags(String name) {
        return store.seen(name).tags();
    }

    void retain(DBCluster cluster) {
        DBClusterAutomatedBackup.Builder backup = SdkShapes.copy(cluster, DBClusterAutomatedBackup.builder());
        retained.add(backup.status("retained")
                .dbClusterAutomatedBackupsArn(context.arn("rds", "cluster-auto-backup:ab-" + context.hex(26)))
                .build());
    }

    List<DBClusterAutomatedBackup> retained() {
        return List.copyOf(retained);
    }

    DescribeDbClusterSnapshotsResponse page(DescribeDbClusterSnapshotsRequest r) {
        if (r.dbClusterIdentifier() != null && r.dbClusterSnapshotIdentifier() != null) {
            throw combination("You can't specify both DBClusterIdentifier and DBClusterSnapshotIdentifier.");
        }
        return store.page(
                r,
                DescribeDbClusterSnapshotsResponse.builder(),
                store.visible(
                                r.dbClusterSnapshotIdentifier() == null
                                        ? List.of()
                                        : List.of(
                                                r.dbClusterSnapshotIdentifier().toLowerCase(Locale.ROOT)),
                                List.of())
                        .filter(s -> r.dbClusterIdentifier() == null
                                || s.dbClusterIdentifier().equalsIgnoreCase(r.dbClusterIdentifier()))
                        .filter(s -> r.dbClusterResourceId() == null
                                || s.dbClusterResourceId().equals(r.dbClusterResourceId()))
                        .filter(s ->
                                r.snapshotType() == null || s.snapshotType().equals(r.snapshotType())));
    }

    DescribeDbClusterAutomatedBackupsResponse page(DescribeDbClusterAutomatedBackupsRequest r) {
        List<DBClusterAutomatedBackup> all = retained.stream()
                .filter(b -> r.dbClusterIdentifier() == null
                        || b.dbClusterIdentifier().equalsIgnoreCase(r.dbClusterIdentifier()))
                .filter(b -> r.dbClusterResourceId() == null
                        || b.dbClusterResourceId().equals(r.dbClusterResourceId()))
                .toList();
        return context.page(r, DescribeDbClusterAutomatedBackupsResponse.builder(), all, PAGE);
    }
}
