package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.store.TwinItem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The {@code aws} command and Terraform's AWS provider show that the twin's databases and caches behave as AWS's. */
@Order(1)
class DataWitnessesTest {
    /** More time than RDS and ElastiCache need for any change. */
    private static final Duration WORK = Duration.ofMinutes(30);

    private static final String NETWORK = Docs.of(
            Docs.VPC_IN_TWO_ZONES,
            Docs.document(
                    "DbSubnetGroup",
                    "main",
                    "'dbSubnetGroupName':'g','dbSubnetGroupDescription':'x','subnetIds':['${Subnet/a}','${Subnet/b}']"),
            Docs.document(
                    "CacheSubnetGroup",
                    "main",
                    "'cacheSubnetGroupName':'g','cacheSubnetGroupDescription':'x','subnetIds':['${Subnet/a}','${Subnet/b}']"));

    @TempDir
    private Path directory;

    private static List<String> stores(World world) {
        return world.account().inventory().stream()
                .map(TwinItem::type)
                .filter(type -> type.matches("rds:(db|pg|subgrp)|elasticache:(replicationgroup|subnetgroup)"))
                .sorted()
                .toList();
    }

    /** Provider and twin use the machine's clock: the provider reads a database after a minute at the earliest. */
    @Test
    void terraformAppliesPlansNoChangeAndDestroys() throws IOException {
        try (World world = Terraform.world()) {
            Terraform terraform = Terraform.of(Path.of("src/test/resources/terraform/data"), directory, world);

            terraform.makesAndDestroys(() -> assertThat(stores(world))
                    .containsExactly(
                            "elasticache:replicationgroup",
                            "elasticache:subnetgroup",
                            "rds:db",
                            "rds:pg",
                            "rds:subgrp"));

            assertThat(stores(world)).isEmpty();
        }
    }

    private static String[] words(String command) {
        return command.split(" ");
    }

    private static String[] database(String members) {
        return words("rds describe-db-instances --db-instance-identifier main --query DBInstances[0]." + members);
    }

    private static String[] cache(String members) {
        return words("elasticache describe-replication-groups --replication-group-id main --query ReplicationGroups[0]."
                + members);
    }

    @Test
    void theAwsCommandMakesReadsChangesAndDeletesADatabase() {
        try (World world = new World()) {
            AwsCommand aws = AwsCommand.on(world);
            world.desire(NETWORK).converged();
            aws.says(words("rds create-db-instance --db-instance-identifier main --engine postgres --engine-version 15"
                    + " --db-instance-class db.t4g.medium --allocated-storage 20 --storage-type gp3"
                    + " --storage-encrypted --master-username me --manage-master-user-password"
                    + " --db-subnet-group-name g --no-publicly-accessible"));
            assertThat(aws.says(database("DBInstanceStatus"))).isEqualTo("creating");
            world.clock.advance(WORK);
            assertThat(aws.says(
                            words("rds modify-db-instance --db-instance-identifier main --backup-retention-period 14"
                                    + " --db-instance-class db.t4g.large --query"
                                    + " DBInstance.[DBInstanceClass,PendingModifiedValues.DBInstanceClass]")))
                    .isEqualTo("db.t4g.medium\tdb.t4g.large");
            world.clock.advance(WORK);

            assertThat(aws.says(database("[DBInstanceStatus,StorageEncrypted,DBInstanceClass,BackupRetentionPeriod]")))
                    .isEqualTo("available\tTrue\tdb.t4g.medium\t14");

            assertThat(aws.says(words("rds delete-db-instance --db-instance-identifier main"
                            + " --final-db-snapshot-identifier last --query DBInstance.DBInstanceStatus")))
                    .isEqualTo("deleting");
            world.clock.advance(WORK);

            assertThat(stores(world)).doesNotContain("rds:db");
            assertThat(aws.says(words("rds describe-db-snapshots --query DBSnapshots[].DBSnapshotIdentifier")))
                    .isEqualTo("last");
        }
    }

    @Test
    void theAwsCommandMakesReadsChangesAndDeletesACache() {
        try (World world = new World()) {
            AwsCommand aws = AwsCommand.on(world);
            world.desire(NETWORK).converged();
            aws.says(words("elasticache create-replication-group --replication-group-id main"
                    + " --replication-group-description x --engine valkey --engine-version 8.0"
                    + " --cache-node-type cache.t4g.small --num-cache-clusters 2 --automatic-failover-enabled"
                    + " --transit-encryption-enabled --cache-subnet-group-name g"));
            assertThat(aws.says(cache("Status"))).isEqualTo("creating");
            world.clock.advance(WORK);
            assertThat(aws.says(words("elasticache modify-replication-group --replication-group-id main"
                            + " --cache-node-type cache.t4g.medium --apply-immediately"
                            + " --query ReplicationGroup.Status")))
                    .isEqualTo("modifying");
            world.clock.advance(WORK);

            assertThat(aws.says(cache("[Status,AutomaticFailover,CacheNodeType]")))
                    .isEqualTo("available\tenabled\tcache.t4g.medium");

            assertThat(aws.says(words("elasticache delete-replication-group --replication-group-id main"
                            + " --query ReplicationGroup.Status")))
                    .isEqualTo("deleting");
            world.clock.advance(WORK);

            assertThat(stores(world)).doesNotContain("elasticache:replicationgroup");
        }
    }
}
