package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.error;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.*;

/** Snapshots of instances. */
final class DatabaseSnapshots extends Snapshots<DBSnapshot, DBSnapshot.Builder, DBInstanceAutomatedBackup> {
    DatabaseSnapshots(TwinContext context) {
        super(
                context,
                context.store(DBSnapshot::builder, DBSnapshot::dbSnapshotIdentifier)
                        .type("rds:snapshot")
                        .arn(DBSnapshot::dbSnapshotArn)
                        .missing(name -> error(404, "DBSnapshotNotFound", "DBSnapshot not found: " + name)));
    }

    /** @param tags the tags of the instance, if it copies its tags to snapshots */
    DBSnapshot make(@Nullable String asked, DBInstance db, Map<String, String> tags) {
        String name = free(asked, "DBSnapshotAlreadyExists");
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

    void retain(DBInstance db) {
        retain(SdkShapes.copy(db, DBInstanceAutomatedBackup.builder())
                .status("retained")
                .dbInstanceAutomatedBackupsArn(context.arn("rds", "auto-backup:ab-" + context.hex(26)))
                .build());
    }

    DescribeDbSnapshotsResponse page(DescribeDbSnapshotsRequest r) {
        return store.page(
                r,
                DescribeDbSnapshotsResponse.builder(),
                selected(r.dbSnapshotIdentifier())
                        .filter(s -> r.dbInstanceIdentifier() == null
                                || s.dbInstanceIdentifier().equals(r.dbInstanceIdentifier()))
                        .filter(s ->
                                r.snapshotType() == null || s.snapshotType().equals(r.snapshotType())));
    }

    DescribeDbInstanceAutomatedBackupsResponse page(DescribeDbInstanceAutomatedBackupsRequest r) {
        return pageOfBackups(
                r,
                DescribeDbInstanceAutomatedBackupsResponse.builder(),
                b -> (r.dbInstanceIdentifier() == null
                                || b.dbInstanceIdentifier().equals(r.dbInstanceIdentifier()))
                        && (r.dbiResourceId() == null || b.dbiResourceId().equals(r.dbiResourceId())));
    }
}
