package dev.holdfast.twin.rds;

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

/** Snapshots of instances, and automated backups that remain after their instance is deleted. */
final class DatabaseSnapshots {
    private static final int PAGE = 100;

    private final TwinContext context;
    private final ResourceStore<DBSnapshot, DBSnapshot.Builder> store;
    private final List<DBInstanceAutomatedBackup> retained = new ArrayList<>();

    DatabaseSnapshots(TwinContext context) {
        this.context = context;
        this.store = context.store(DBSnapshot::builder, DBSnapshot::dbSnapshotIdentifier)
                .type("rds:snapshot")
                .arn(DBSnapshot::dbSnapshotArn)
                .missing(name -> error(404, "DBSnapshotNotFound", "DBSnapshot not found: " + name))
                .pages(PAGE)
                .tagRules(TwinRds.TAG_RULES)
                .showsTags();
    }

    /** @param tags the tags of the instance, if it copies its tags to snapshots */
    DBSnapshot make(@Nullable String asked, DBInstance db, Map<String, String> tags) {
        String name = String.valueOf(asked).toLowerCase(Locale.ROOT);
        if (store.has(name)) {
            throw refused(
                    "DBSnapshotAlreadyExists",
                    "Cannot create the snapshot because a snapshot with the identifier " + name + " already exists.");
        }
        DBSnapshot.Builder made = SdkShapes.copy(db, DBSnapshot.builder());
        made.dbSnapshotIdentifier(name)
                .dbSnapshotArn(context.arn("rds", "snapshot:" + name))
                .snapshotType("manual")
                .status("available")
                .percentProgress(100)
                .encrypted(db.storageEncrypted())
                .snapshotCreateTime(context.now())
                .vpcId(db.dbSubnetGroup().vpcId())
                .port(db.endpoint().port())
                .tagList((List<Tag>) null);
        return store.add(made.build(), tags);
    }

    DBSnapshot seen(@Nullable String name) {
        return store.seen(String.valueOf(name).toLowerCase(Locale.ROOT)).shape();
    }

    Map<String, String> tags(String name) {
        return store.seen(name).tags();
    }

    void retain(DBInstance db) {
        DBInstanceAutomatedBackup.Builder backup = SdkShapes.copy(db, DBInstanceAutomatedBackup.builder());
        retained.add(backup.status("retained")
                .dbInstanceAutomatedBackupsArn(context.arn("rds", "auto-backup:ab-" + context.hex(26)))
                .build());
    }

    List<DBInstanceAutomatedBackup> retained() {
        return List.copyOf(retained);
    }

    DescribeDbSnapshotsResponse page(DescribeDbSnapshotsRequest r) {
        return store.page(
                r,
                DescribeDbSnapshotsResponse.builder(),
                store.visible(
                                r.dbSnapshotIdentifier() == null
                                        ? List.of()
                                        : List.of(r.dbSnapshotIdentifier().toLowerCase(Locale.ROOT)),
                                List.of())
                        .filter(s -> r.dbInstanceIdentifier() == null
                                || s.dbInstanceIdentifier().equals(r.dbInstanceIdentifier()))
                        .filter(s ->
                                r.snapshotType() == null || s.snapshotType().equals(r.snapshotType())));
    }

    DescribeDbInstanceAutomatedBackupsResponse page(DescribeDbInstanceAutomatedBackupsRequest r) {
        List<DBInstanceAutomatedBackup> all = retained.stream()
                .filter(b -> r.dbInstanceIdentifier() == null
                        || b.dbInstanceIdentifier().equals(r.dbInstanceIdentifier()))
                .filter(b -> r.dbiResourceId() == null || b.dbiResourceId().equals(r.dbiResourceId()))
                .toList();
        return context.page(r, DescribeDbInstanceAutomatedBackupsResponse.builder(), all, PAGE);
    }
}
