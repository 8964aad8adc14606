package dev.holdfast.twin.rds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Programs;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The aws command creates, reads and deletes a cluster of Aurora on the twin. */
class AwsCommandClustersTest {
    /** A duration longer than any work of RDS. */
    private static final Duration WORK = Duration.ofMinutes(10);

    private static String aws(TwinServer twin, String command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(
                Programs.onPath("aws").toString(),
                "--endpoint-url",
                twin.endpoint().toString(),
                "--output",
                "text"));
        words.addAll(List.of(command.split(" ")));
        ProcessBuilder process = new ProcessBuilder(words).redirectErrorStream(true);
        process.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", "123456789012",
                        "AWS_SECRET_ACCESS_KEY", "x",
                        "AWS_REGION", "eu-west-2",
                        "AWS_DEFAULT_REGION", "eu-west-2"));
        Process running = process.start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(running.waitFor()).as("%s: %s", command, said).isZero();
        return said;
    }

    @Test
    void createsReadsAndDeletesACluster() throws Exception {
        DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
        try (TwinServer twin = TwinServer.start(TwinOptions.defaults().withClock(clock))) {
            String vpc = aws(twin, "ec2 create-vpc --cidr-block 10.0.0.0/16 --query Vpc.VpcId");
            String subnet = "ec2 create-subnet --vpc-id " + vpc + " --query Subnet.SubnetId --cidr-block ";
            clock.advance(WORK);
            String a = aws(twin, subnet + "10.0.0.0/24 --availability-zone eu-west-2a");
            String b = aws(twin, subnet + "10.0.1.0/24 --availability-zone eu-west-2b");
            aws(
                    twin,
                    "rds create-db-subnet-group --db-subnet-group-name g --db-subnet-group-description x --subnet-ids "
                            + a + " " + b);
            aws(
                    twin,
                    "rds create-db-cluster --db-cluster-identifier main --engine aurora-postgresql --engine-version 16"
                            + " --master-username me --manage-master-user-password --storage-encrypted"
                            + " --db-subnet-group-name g --serverless-v2-scaling-configuration MinCapacity=0.5,MaxCapacity=4");
            clock.advance(WORK);
            aws(
                    twin,
                    "rds create-db-instance --db-instance-identifier one --db-cluster-identifier main"
                            + " --engine aurora-postgresql --db-instance-class db.serverless");
            clock.advance(WORK);

            assertThat(aws(
                            twin,
                            "rds describe-db-clusters --query"
                                    + " DBClusters[].[DBClusterIdentifier,DBClusterMembers[0].IsClusterWriter]"))
                    .matches("main\\s+True");

            aws(twin, "rds delete-db-instance --db-instance-identifier one");
            aws(twin, "rds delete-db-cluster --db-cluster-identifier main --final-db-snapshot-identifier last");
            assertThat(aws(
                            twin,
                            "rds describe-db-cluster-snapshots --query"
                                    + " DBClusterSnapshots[].DBClusterSnapshotIdentifier"))
                    .isEqualTo("last");
        }
    }
}
