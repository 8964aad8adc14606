package dev.holdfast.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;

class TwinFaultsTest {
    private static final String ME = "me-111122223333";
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-02T03:04:05Z"));
    private TwinServer twin;
    private CloudWatchLogsClient logs;

    @BeforeEach
    void start() throws IOException {
        twin = TwinServer.start(TwinOptions.defaults().withClock(clock));
        logs = OverHttp.client(CloudWatchLogsClient.class, twin.endpoint(), ME);
    }

    @AfterEach
    void stop() {
        logs.close();
        twin.close();
    }

    @Test
    void aServiceDeniesInItsOwnDialect() {
        // When
        twin.faults().add("*", new TwinFault.Deny());

        // Then
        try (Ec2Client ec2 = OverHttp.client(Ec2Client.class, twin.endpoint(), ME);
                EcsClient ecs = OverHttp.client(EcsClient.class, twin.endpoint(), ME);
                IamClient iam = OverHttp.client(IamClient.class, twin.endpoint(), ME);
                S3Client s3 = OverHttp.client(S3Client.class, twin.endpoint(), ME)) {
            assertRefused(ec2::describeVpcs, 403, "UnauthorizedOperation");
            assertRefused(ecs::listClusters, 400, "AccessDeniedException");
            assertRefused(logs::describeLogGroups, 400, "AccessDeniedException");
            assertRefused(iam::listRoles, 403, "AccessDenied");
            assertRefused(s3::listBuckets, 403, "AccessDenied");
        }
        assertThat(twin.log().requests()).extracting(LoggedRequest::status).containsExactly(403, 400, 400, 403, 403);
    }

    @Test
    void aServiceThrottlesInItsOwnDialect() {
        // When
        twin.faults().add("*", new TwinFault.Throttle());

        // Then
        try (Ec2Client ec2 = OverHttp.client(Ec2Client.class, twin.endpoint(), ME);
                IamClient iam = OverHttp.client(IamClient.class, twin.endpoint(), ME);
                S3Client s3 = OverHttp.client(S3Client.class, twin.endpoint(), ME)) {
            assertRefused(ec2::describeVpcs, 503, "RequestLimitExceeded");
            assertRefused(logs::describeLogGroups, 400, "ThrottlingException");
            assertRefused(iam::listRoles, 400, "Throttling");
            assertRefused(s3::listBuckets, 503, "SlowDown");
        }
    }

    @Test
    void aRuleFitsByOperationCallerAppAndTimes() {
        // When
        twin.faults()
                .add(TwinFaultRule.on("logs:Describe*", new TwinFault.Fail()).times(1))
                .add(TwinFaultRule.on("*", new TwinFault.Deny()).by("somebody"))
                .add(TwinFaultRule.on("*", new TwinFault.Deny()).ofApp("else"))
                .add("ec2:*", new TwinFault.Deny());

        // Then
        logs.createLogGroup(r -> r.logGroupName("/a"));
        assertRefused(logs::describeLogGroups, 500, "InternalFailure");
        assertThat(logs.describeLogGroups().logGroups()).hasSize(1);
    }

    @Test
    void whatIsHitByChanceIsTheSameForTheSameSeed() throws IOException {
        // Given
        TwinFaultRule rule = TwinFaultRule.on("logs:*", new TwinFault.Fail()).withProbability(0.5);

        // When
        List<Boolean> first = hits(1, rule);
        List<Boolean> again = hits(1, rule);
        List<Boolean> other = hits(2, rule);

        // Then
        assertThat(first).isEqualTo(again).isNotEqualTo(other).contains(true, false);
    }

    private List<Boolean> hits(long seed, TwinFaultRule rule) throws IOException {
        try (TwinServer server = TwinServer.start(TwinOptions.defaults().withSeed(seed));
                CloudWatchLogsClient client = OverHttp.client(CloudWatchLogsClient.class, server.endpoint(), ME)) {
            server.faults().add(rule);
            return IntStream.range(0, 30).mapToObj(i -> fails(client)).toList();
        }
    }

    private static boolean fails(CloudWatchLogsClient client) {
        try {
            client.describeLogGroups();
            return false;
        } catch (SdkException e) {
            return true;
        }
    }

    @Test
    void aTokenBucketFillsAsTimeGoesOn() {
        // Given
        twin.faults().add("logs:*", new TwinFault.Limit(2, 3));

        // When
        List<Boolean> burst = IntStream.range(0, 5).mapToObj(i -> fails(logs)).toList();
        clock.advance(Duration.ofSeconds(1));
        List<Boolean> later = IntStream.range(0, 3).mapToObj(i -> fails(logs)).toList();

        // Then
        assertThat(burst).containsExactly(false, false, false, true, true);
        assertThat(later).containsExactly(false, false, true);
    }

    @Test
    void aCutBeforeAWriteLeavesNothingAndCutsTheCallerOff() {
        // Given
        twin.faults().add("*", new TwinFault.CutAtWrite(2, false));
        logs.createLogGroup(r -> r.logGroupName("/1"));

        // When
        assertThatThrownBy(() -> logs.createLogGroup(r -> r.logGroupName("/2"))).isInstanceOf(SdkClientException.class);

        // Then
        assertThat(twin.faults().isCutOff(ME)).isTrue();
        assertThatThrownBy(logs::describeLogGroups).isInstanceOf(SdkClientException.class);
        assertThat(groups()).containsExactly("/1");
        assertThat(twin.log().writes()).extracting(LoggedRequest::tookEffect).containsExactly(true, false);
    }

    @Test
    void aCutAfterAWriteLosesTheReplyAlone() {
        // Given
        List<Long> seen = new ArrayList<>();
        twin.faults()
                .add(TwinFaultRule.on("*", new TwinFault.CutAtWrite(2, true)).by(ME));
        twin.faults().afterWrite(r -> seen.add(r.sequence()));
        logs.createLogGroup(r -> r.logGroupName("/1"));

        // When
        assertThatThrownBy(() -> logs.createLogGroup(r -> r.logGroupName("/2"))).isInstanceOf(SdkClientException.class);

        // Then
        assertThatThrownBy(logs::describeLogGroups).isInstanceOf(SdkClientException.class);
        assertThat(groups()).containsExactly("/1", "/2");
        assertThat(seen).containsExactly(1L, 2L);
        assertThat(twin.log().writes().getLast().error()).isEqualTo("ConnectionCut");
    }

    /** The log groups that another caller of the same account sees. */
    private List<String> groups() {
        try (CloudWatchLogsClient other =
                OverHttp.client(CloudWatchLogsClient.class, twin.endpoint(), "next-111122223333")) {
            return other.describeLogGroups().logGroups().stream()
                    .map(LogGroup::logGroupName)
                    .toList();
        }
    }

    @Test
    void aStaleReadShowsWhatTheSameReadShowedBefore() {
        // Given
        twin.faults().add("logs:DescribeLogGroups", new TwinFault.StaleRead(Duration.ofSeconds(10)));
        assertThat(logs.describeLogGroups().logGroups()).isEmpty();
        logs.createLogGroup(r -> r.logGroupName("/a"));

        // When
        List<LogGroup> soon = logs.describeLogGroups().logGroups();
        clock.advance(Duration.ofSeconds(11));
        List<LogGroup> later = logs.describeLogGroups().logGroups();

        // Then
        assertThat(soon).isEmpty();
        assertThat(later).hasSize(1);
    }

    @Test
    void onlyAllowedActionsGoThroughByTheirNamesInIam() {
        // When
        twin.faults().add("*", new TwinFault.AllowOnly(List.of("logs:Describe*", "s3:ListAllMyBuckets")));

        // Then
        try (S3Client s3 = OverHttp.client(S3Client.class, twin.endpoint(), ME)) {
            logs.describeLogGroups();
            s3.listBuckets();
            assertRefused(() -> logs.createLogGroup(r -> r.logGroupName("/a")), 400, "AccessDeniedException");
            assertRefused(() -> s3.headBucket(r -> r.bucket("b")), 403, null);
        }
    }

    @Test
    void clearedAllGoesWellAgain() {
        // Given
        twin.faults().add("*", new TwinFault.CutAtWrite(1, false));
        assertThatThrownBy(() -> logs.createLogGroup(r -> r.logGroupName("/1"))).isInstanceOf(SdkClientException.class);

        // When
        twin.faults().clear();

        // Then
        logs.createLogGroup(r -> r.logGroupName("/1"));
        assertThat(groups()).containsExactly("/1");
    }

    @Test
    void aRuleThatIsWithdrawnNeitherHappensNorIsMissed() {
        // Given
        TwinFaultRule kill = TwinFaultRule.on("*", new TwinFault.CutAtWrite(1, false));
        TwinFaultRule denial = TwinFaultRule.on("s3:ListBuckets", new TwinFault.Deny());
        twin.faults().add(kill).add(denial);

        // When
        twin.faults().withdraw(kill);

        // Then
        logs.createLogGroup(r -> r.logGroupName("/1"));
        assertThat(groups()).containsExactly("/1");
        assertThat(twin.faults().neverHappened()).containsExactly(denial);
    }

    /** @param code null for an answer to HEAD, which has no body with a code */
    private static void assertRefused(ThrowingCallable call, int status, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(AwsServiceException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(status);
            if (code != null) {
                assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            }
        });
    }
}
