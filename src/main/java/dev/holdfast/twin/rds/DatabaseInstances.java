package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.Identifiers;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TimedWork;
import dev.holdfast.twin.store.TwinContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.rds.model.*;

/**
 * Database instances. RDS works on an instance for a while after each call, and keeps changes that wait for the window.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html">When changes apply</a>
 */
final class DatabaseInstances {
    private static final int PAGE = 100;
    /** The attributes of a stored instance. */
    private static final String RESTARTS = "restarts";

    private static final String FAILS = "fails";

    private final TwinContext context;
    private final InstanceCreation creation;
    private final InstanceGroups groups;
    final ResourceStore<DBInstance, DBInstance.Builder> store;
    private final TimedWork<DBInstance, DBInstance.Builder> work;
    private final ClusterMembers members;
    private final DatabaseSnapshots snapshots;
    private final DatabaseEvents events;
    private final MasterSecrets secrets;

    DatabaseInstances(
            TwinContext context,
            ResourceStore<DBInstance, DBInstance.Builder> store,
            InstanceCreation creation,
            InstanceGroups groups,
            ClusterMembers members,
            DatabaseSnapshots snapshots,
            DatabaseEvents events) {
        this.context = context;
        this.store = store;
        this.creation = creation;
        this.groups = groups;
        this.members = members;
        this.snapshots = snapshots;
        this.events = events;
        this.work = new TimedWork<>(context, store, DBInstance.Builder::dbInstanceStatus, this::end);
        this.secrets = new MasterSecrets(context);
    }

    /** The store of all instances, including members of clusters. */
    static ResourceStore<DBInstance, DBInstance.Builder> store(TwinContext context) {
        return context.store(DBInstance::builder, DBInstance::dbInstanceIdentifier)
                .type("rds:db")
                .arn(DBInstance::dbInstanceArn)
                .missing(name -> error(404, "DBInstanceNotFound", "DBInstance " + name + " not found."))
                .pages(PAGE)
                .tagRules(TwinRds.TAG_RULES)
                .showsTags();
    }

    Stream<DBInstance> stream() {
        return work.stream();
    }

    DescribeDbInstancesResponse page(DescribeDbInstancesRequest r) {
        settle();
        return store.page(
                r,
                DescribeDbInstancesResponse.builder(),
                store.visible(Identifiers.selected(r.dbInstanceIdentifier()))
                        .filter(db -> r.filters().stream().allMatch(f -> InstanceRules.passes(db, f)))
                        .map(db -> InstanceRules.restorable(db, context.now()))
                        .map(InstanceRules::certified));
    }

    DBInstance create(CreateDbInstanceRequest r) {
        if (r.dbClusterIdentifier() != null) {
            settle();
            return make(members.joins(r));
        }
        InstanceRules.refuseUser(r.masterUsername(), r.manageMasterUserPassword(), r.masterUserPassword());
        return make(r);
    }

    /** Creates an instance with the data, the engine, the size and the users of a snapshot. */
    DBInstance restore(RestoreDbInstanceFromDbSnapshotRequest r) {
        return make(InstanceCreation.ofSnapshot(r, snapshots.seen(r.dbSnapshotIdentifier())));
    }

    private DBInstance make(CreateDbInstanceRequest r) {
        settle();
        String name = creation.make(r);
        work.run(name, "creating", Delay.DATABASE);
        return store.shown(name);
    }

    /** Applies some changes at once. The others wait for the maintenance window, or for {@code ApplyImmediately}. */
    DBInstance modify(ModifyDbInstanceRequest r) {
        settle();
        String name = store.seen(r.dbInstanceIdentifier()).id();
        DBInstance old = store.need(name);
        if (!InstanceRules.takes(r, old.dbInstanceStatus())) {
            throw refused(
                    "InvalidDBInstanceState", "Database instance is not in available state: " + old.dbInstanceStatus());
        }
        members.refuseModify(r, old);
        InstanceRules.refuseModify(r, old);
        if (r.dbInstanceClass() != null) {
            creation.classes.refuse(r.dbInstanceClass(), old);
        }
        String wanted = DatabaseVersions.upgrade(old.engine(), old.engineVersion(), r.engineVersion());
        if (r.dbParameterGroupName() != null) {
            groups.group(old.engine(), wanted == null ? old.engineVersion() : wanted, r.dbParameterGroupName());
        } else if (wanted != null && !InstanceGroups.of(old).startsWith("default.")) {
            throw combination("The current DB instance parameter group " + InstanceGroups.of(old)
                    + " is custom. You must explicitly specify a new DB parameter group, either default or custom, for"
                    + " the engine version upgrade.");
        }
        boolean now = Boolean.TRUE.equals(r.applyImmediately());
        PendingModifiedValues waiting = InstanceRules.waiting(r, old);
        store.change(name, db -> {
            atOnce(r, old, db);
            db.pendingModifiedValues(waiting);
        });
        if (now) {
            applyPending(name);
        } else {
            work.run(name, "modifying", Delay.VISIBLE);
        }
        return store.shown(name);
    }

    /** Changes of groups and of the secret of the master password never wait. */
    private void atOnce(ModifyDbInstanceRequest r, DBInstance old, DBInstance.Builder db) {
        InstanceRules.atOnce(r, old, db);
        if (!r.vpcSecurityGroupIds().isEmpty()) {
            List<String> security = groups.securityGroups(old.dbSubnetGroup().vpcId(), r.vpcSecurityGroupIds());
            db.vpcSecurityGroups(InstanceGroups.memberships(security));
            groups.secure(old.dbInstanceIdentifier(), security);
        }
        String upgrade = DatabaseVersions.upgrade(old.engine(), old.engineVersion(), r.engineVersion());
        if (r.dbParameterGroupName() != null || upgrade != null) {
            String group = groups.group(
                    old.engine(), upgrade == null ? old.engineVersion() : upgrade, r.dbParameterGroupName());
            db.dbParameterGroups(
                    InstanceGroups.status(group, upgrade == null ? "pending-reboot" : "pending-database-upgrade"));
        }
        if (Boolean.TRUE.equals(r.manageMasterUserPassword()) && old.masterUserSecret() == null) {
            db.masterUserSecret(secrets.make("rds!db-", old.masterUsername(), r.masterUserSecretKmsKeyId()));
        }
    }

    /** RDS applies every waiting change, including those of other callers. */
    void applyPending(String name) {
        work.run(store.seen(name).id(), "modifying", Delay.DATABASE);
        store.stored(name).attributes().put("applies", "true");
    }

    /** A restart applies the changes that wait for it, unless the standby takes over. */
    DBInstance reboot(RebootDbInstanceRequest r) {
        settle();
        DBInstance db = store.seen(r.dbInstanceIdentifier()).shape();
        if (!db.dbInstanceStatus().equals("available")) {
            throw state(db, "is not in available state");
        }
        boolean fails = Boolean.TRUE.equals(r.forceFailover());
        if (fails && !Boolean.TRUE.equals(db.multiAZ())) {
            throw combination("Cannot reboot with force failover a DB instance that is not Multi-AZ.");
        }
        work.run(db.dbInstanceIdentifier(), fails ? "failing-over" : "rebooting", Delay.TASK_START);
        if (!fails) {
            store.stored(db.dbInstanceIdentifier()).attributes().put(RESTARTS, "true");
        }
        return store.shown(db.dbInstanceIdentifier());
    }

    void parametersChanged(String group, List<Parameter> changed) {
        settle();
        for (DBInstance db : store.all()) {
            DBParameterGroupStatus mine = db.dbParameterGroups().getFirst();
            boolean needsReboot = changed.stream().anyMatch(p -> p.applyMethod() == ApplyMethod.PENDING_REBOOT);
            if (mine.dbParameterGroupName().equals(group) && needsReboot) {
                store.change(
                        db.dbInstanceIdentifier(),
                        b -> b.dbParameterGroups(InstanceGroups.status(group, "pending-reboot")));
            }
        }
        changed.forEach(p -> events.keep(
                SourceType.DB_PARAMETER_GROUP,
                group,
                "configuration change",
                "Updated parameter " + p.parameterName() + " to " + p.parameterValue() + " with apply method "
                        + p.applyMethodAsString()));
    }

    DBInstance delete(DeleteDbInstanceRequest r) {
        settle();
        DBInstance db = store.seen(r.dbInstanceIdentifier()).shape();
        if (Boolean.TRUE.equals(db.deletionProtection())) {
            throw combination("Cannot delete protected DB Instance, please disable deletion protection and try again.");
        }
        if (db.dbInstanceStatus().equals("deleting")) {
            throw state(db, "is already being deleted");
        }
        boolean member = db.dbClusterIdentifier() != null;
        if (member && r.finalDBSnapshotIdentifier() != null) {
            throw combination("FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance");
        }
        boolean skip = member || Boolean.TRUE.equals(r.skipFinalSnapshot());
        if (!skip && r.finalDBSnapshotIdentifier() == null) {
            throw combination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
        }
        if (!skip && InstanceRules.NO_SNAPSHOT.contains(db.dbInstanceStatus())) {
            throw state(db, "is in status " + db.dbInstanceStatus() + ", of which no snapshot can be made");
        }
        if (!skip) {
            snapshot(r.finalDBSnapshotIdentifier(), db.dbInstanceIdentifier());
        }
        if (!member && Boolean.FALSE.equals(r.deleteAutomatedBackups()) && db.backupRetentionPeriod() > 0) {
            snapshots.retain(db);
        }
        work.run(db.dbInstanceIdentifier(), "deleting", Delay.DATABASE);
        return store.shown(db.dbInstanceIdentifier());
    }

    DBSnapshot snapshot(String name, String instance) {
        settle();
        StoredResource<DBInstance> db = store.seen(instance);
        boolean copies = Boolean.TRUE.equals(db.shape().copyTagsToSnapshot());
        return snapshots.make(name, db.shape(), copies ? db.tags() : Map.of());
    }

    /** RDS has installed this version on its own. A group of another major version gives way to the default group. */
    void upgrades(String instance, String version) {
        settle();
        DBInstance old = store.seen(instance).shape();
        store.change(old.dbInstanceIdentifier(), b -> b.engineVersion(version));
        if (DatabaseVersions.upgrade(old.engine(), old.engineVersion(), version) != null) {
            String group = groups.group(old.engine(), version, null);
            store.change(old.dbInstanceIdentifier(), b -> b.dbParameterGroups(InstanceGroups.status(group, "in-sync")));
        }
    }

    /** A copy of an instance, with its tags, under the engine of another service. */
    void lists(String instance, String copy, String engine) {
        StoredResource<DBInstance> db = store.seen(instance);
        DBInstance other = db.shape().toBuilder()
                .dbInstanceIdentifier(copy)
                .dbInstanceArn(context.arn("rds", "db:" + copy))
                .engine(engine)
                .build();
        store.add(other, db.tags());
    }

    void parametersFail(String instance) {
        DBInstance db = store.seen(instance).shape();
        store.change(
                db.dbInstanceIdentifier(),
                b -> b.dbParameterGroups(InstanceGroups.status(InstanceGroups.of(db), "failed-to-apply")));
    }

    /** Sets a status that lasts until a caller changes the instance. */
    void breaks(String instance, String status) {
        settle();
        store.change(store.seen(instance).id(), b -> b.dbInstanceStatus(status));
    }

    /** RDS accepts the next change that takes time, and does not apply it. */
    void failsNext(String instance, String why) {
        store.seen(instance).attributes().put(FAILS, why);
    }

    private static AwsServiceException state(DBInstance db, String what) {
        return refused("InvalidDBInstanceState", "Instance " + db.dbInstanceIdentifier() + " " + what + ".");
    }

    /** Ends the work that is over by now. */
    void settle() {
        work.settle();
    }

    private void end(TimedWork.Ended ended) {
        String name = ended.name();
        StoredResource<DBInstance> db = store.stored(name);
        if (ended.on().equals("deleting")) {
            context.peer(TwinEc2.class).deleteInterface(groups.held(name));
            secrets.delete(db.shape().masterUserSecret());
            groups.leaves(name);
            store.remove(name);
            recordEvent(ended, "deletion", "DB instance deleted.");
            return;
        }
        boolean works = db.attributes().remove("applies") != null;
        String fails = works ? db.attributes().remove(FAILS) : null;
        if (fails != null) {
            events.add(SourceType.DB_INSTANCE, name, "failure", fails);
        }
        boolean applies = works && fails == null;
        boolean restarted = db.attributes().remove(RESTARTS) != null;
        DBParameterGroupStatus group = db.shape().dbParameterGroups().getFirst();
        boolean upgraded = applies && "pending-database-upgrade".equals(group.parameterApplyStatus());
        store.change(name, b -> {
            b.dbInstanceStatus("available");
            if (upgraded || (restarted && "pending-reboot".equals(group.parameterApplyStatus()))) {
                b.dbParameterGroups(InstanceGroups.status(group.dbParameterGroupName(), "in-sync"));
            }
            PendingModifiedValues waiting = db.shape().pendingModifiedValues();
            if (applies && waiting != null) {
                SdkShapes.copy(waiting, b);
            }
            if (works) {
                b.pendingModifiedValues((PendingModifiedValues) null);
            }
        });
        if (restarted) {
            members.restarted(name);
            recordEvent(ended, "availability", "DB instance restarted.");
        } else if (ended.on().equals("creating")) {
            recordEvent(ended, "creation", "DB instance created.");
        } else if (applies) {
            recordEvent(ended, "configuration change", "Finished applying modification.");
        }
    }

    private void recordEvent(TimedWork.Ended ended, String category, String message) {
        events.record(
                SourceType.DB_INSTANCE, ended.name(), new DatabaseEvents.DatabaseNews(category, message, ended.at()));
    }
}
