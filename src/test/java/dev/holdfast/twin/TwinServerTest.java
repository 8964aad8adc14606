package dev.holdfast.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinSessions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;

class TwinServerTest {
    private static final String ACCOUNT = "111122223333";
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-02T03:04:05Z"));
    private TwinServer twin;

    @BeforeEach
    void start() throws IOException {
        twin = TwinServer.start(TwinOptions.defaults().withClock(clock));
    }

    @AfterEach
    void stop() {
        twin.close();
    }

    @Test
    void accountIsThatOfTheAccessKey() {
        assertThat(accountOf("111122223333")).isEqualTo("111122223333");
        assertThat(accountOf("operator-444455556666")).isEqualTo("444455556666");
        assertThat(accountOf("AKIAIOSFODNN7EXAMPLE")).isEqualTo(TwinSessions.DEFAULT_ACCOUNT);
    }

    private String accountOf(String key) {
        try (StsClient sts = OverHttp.client(StsClient.class, twin.endpoint(), key)) {
            return sts.getCallerIdentity().account();
        }
    }

    @Test
    void aBugIsAnsweredWithStatus500AndKept() {
        IllegalStateException bug = new IllegalStateException("a bug");
        twin.faults().judge(ACCOUNT, call -> {
            throw bug;
        });

        try (StsClient sts = OverHttp.client(StsClient.class, twin.endpoint(), ACCOUNT)) {
            assertThatThrownBy(sts::getCallerIdentity)
                    .isInstanceOfSatisfying(
                            StsException.class, e -> assertThat(e.statusCode()).isEqualTo(500));
        }

        assertThat(twin.bugs()).containsExactly(bug);
    }

    @Test
    void credentialsOfAnAssumedRoleBelongToTheRolesAccount() {
        // Given
        Credentials assumed;
        try (StsClient sts = OverHttp.client(StsClient.class, twin.endpoint(), ACCOUNT)) {
            assumed = sts.assumeRole(r -> r.roleArn("arn:aws:iam::444455556666:role/ops/deployer")
                            .roleSessionName("holdfast"))
                    .credentials();
        }

        // When
        AwsSessionCredentials who =
                AwsSessionCredentials.create(assumed.accessKeyId(), assumed.secretAccessKey(), assumed.sessionToken());
        try (StsClient sts = OverHttp.client(StsClient.class, twin.endpoint(), who, "test")) {
            // Then
            assertThat(sts.getCallerIdentity().account()).isEqualTo("444455556666");
            assertThat(sts.getCallerIdentity().arn())
                    .isEqualTo("arn:aws:sts::444455556666:assumed-role/deployer/holdfast");
        }
    }

    @Test
    void accountsAndRegionsAreApart() {
        try (CloudWatchLogsClient logs = OverHttp.client(CloudWatchLogsClient.class, twin.endpoint(), ACCOUNT);
                CloudWatchLogsClient other =
                        OverHttp.client(CloudWatchLogsClient.class, twin.endpoint(), "444455556666")) {
            // When
            logs.createLogGroup(r -> r.logGroupName("/a"));

            // Then
            assertThat(logs.describeLogGroups().logGroups()).hasSize(1);
            assertThat(other.describeLogGroups().logGroups()).isEmpty();
            assertThat(twin.account(ACCOUNT).inventory())
                    .extracting(TwinItem::region)
                    .contains("eu-west-2");
            assertThat(twin.account("444455556666").inventory())
                    .extracting(TwinItem::type)
                    .doesNotContain("logs:log-group");
        }
    }

    @Test
    void errorsArriveAsTheSdksTypedExceptions() {
        try (CloudWatchLogsClient logs = OverHttp.client(CloudWatchLogsClient.class, twin.endpoint(), ACCOUNT);
                Ec2Client ec2 = OverHttp.client(Ec2Client.class, twin.endpoint(), ACCOUNT)) {
            logs.createLogGroup(r -> r.logGroupName("/a"));

            assertThatThrownBy(() -> logs.createLogGroup(r -> r.logGroupName("/a")))
                    .isInstanceOf(ResourceAlreadyExistsException.class);
            assertThatThrownBy(() -> ec2.describeVpcs(r -> r.vpcIds("vpc-0000")))
                    .isInstanceOfSatisfying(Ec2Exception.class, e -> {
                        assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidVpcID.NotFound");
                        assertThat(e.statusCode()).isEqualTo(400);
                        assertThat(e.requestId()).isNotBlank();
                    });
        }
    }

    @Test
    void whatIsNotInTheTwinAnswers501WithItsName() {
        try (Ec2Client ec2 = OverHttp.client(Ec2Client.class, twin.endpoint(), ACCOUNT)) {
            assertThatThrownBy(ec2::describeSpotPriceHistory).isInstanceOfSatisfying(Ec2Exception.class, e -> {
                assertThat(e.statusCode()).isEqualTo(501);
                assertThat(e.awsErrorDetails().errorMessage()).contains("ec2:DescribeSpotPriceHistory");
            });
        }
    }

    @Test
    void objectsGoThroughChunksConditionsAndHeads() {
        try (S3Client s3 = OverHttp.client(S3Client.class, twin.endpoint(), ACCOUNT)) {
            // Given
            s3.createBucket(r -> r.bucket("things").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));

            // When
            s3.putObject(
                    r -> r.bucket("things").key("a b/ü+.json").ifNoneMatch("*"), RequestBody.fromString("{\"é\":1}"));

            // Then
            assertThat(s3.getObjectAsBytes(r -> r.bucket("things").key("a b/ü+.json"))
                            .asUtf8String())
                    .isEqualTo("{\"é\":1}");
            assertThat(s3.headObject(r -> r.bucket("things").key("a b/ü+.json")).contentLength())
                    .isEqualTo(8);
            assertThat(s3.listObjectsV2(r -> r.bucket("things")).contents())
                    .extracting("key")
                    .containsExactly("a b/ü+.json");
            assertThatThrownBy(() -> s3.putObject(
                            r -> r.bucket("things").key("a b/ü+.json").ifNoneMatch("*"), RequestBody.fromString("x")))
                    .isInstanceOfSatisfying(
                            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
            assertThatThrownBy(() -> s3.getObjectAsBytes(r -> r.bucket("things").key("nope")))
                    .isInstanceOf(NoSuchKeyException.class);
        }
    }

    @Test
    void everyRequestIsLogged() {
        // Given
        try (CloudWatchLogsClient logs = OverHttp.client(
                CloudWatchLogsClient.class, twin.endpoint(), AwsBasicCredentials.create(ACCOUNT, "x"), "prod")) {
            // When
            logs.createLogGroup(r -> r.logGroupName("/a"));
            logs.describeLogGroups();
            logs.describeLogGroups();
            assertThatThrownBy(() -> logs.createLogGroup(r -> r.logGroupName("/a")));
        }

        // Then
        assertThat(twin.log().requests()).extracting(LoggedRequest::sequence).containsExactly(1L, 2L, 3L, 4L);
        assertThat(twin.log().requests().getFirst())
                .isEqualTo(new LoggedRequest(
                        1,
                        clock.instant(),
                        ACCOUNT,
                        "prod",
                        ACCOUNT,
                        "eu-west-2",
                        "logs:CreateLogGroup",
                        true,
                        true,
                        200,
                        null));
        assertThat(twin.log().requests().getLast().error()).isEqualTo("ResourceAlreadyExistsException");
        assertThat(twin.log().writes()).extracting(LoggedRequest::tookEffect).containsExactly(true, false);
        assertThat(twin.log().counts(c -> !c.write())).hasToString("{logs:DescribeLogGroups=2}");
    }

    @Test
    void whatCannotBeReadAnswers400() throws Exception {
        assertThat(send("POST", "/", "{\"logGroupNamePrefix\":", "Logs_20140328.DescribeLogGroups"))
                .contains("400", "SerializationException");
        assertThat(send("POST", "/", "{\"limit\":\"many\"}", "Logs_20140328.DescribeLogGroups"))
                .contains("400", "SerializationException");
        assertThat(send("POST", "/", "{}", "Logs_20140328.DescribeNothing"))
                .contains("400", "UnknownOperationException");
    }

    @Test
    void administratesItselfOverHttp() throws Exception {
        assertThat(send("GET", "/_twin/health", "", null)).contains("200", "UP");
        assertThat(send("POST", "/_twin/clock", "{\"advance\":\"PT10S\"}", null))
                .contains("2026-01-02T03:04:15Z");
        assertThat(send("POST", "/_twin/settings", "{\"pageSize\":1,\"delays\":{\"DATABASE\":\"PT1S\"}}", null))
                .contains("200");
        assertThat(twin.settings().pageSize(50, null)).isEqualTo(1);
        assertThat(twin.settings().delay(Delay.DATABASE)).hasSeconds(1);
        assertThat(send(
                        "POST",
                        "/_twin/faults",
                        "{\"rules\":[{\"operation\":\"sts:*\",\"fault\":{\"type\":\"Deny\"}}]}",
                        null))
                .contains("200");
        assertThat(twin.faults().rules()).containsExactly(TwinFaultRule.on("sts:*", new TwinFault.Deny()));
        assertThat(send("POST", "/_twin/faults", "{\"rules\":[{\"fault\":{\"type\":\"Nonsense\"}}]}", null))
                .contains("400");
        assertThat(send("DELETE", "/_twin/faults", "", null)).contains("200");
        assertThat(twin.faults().rules()).isEmpty();
        accountOf(ACCOUNT);
        assertThat(send("GET", "/_twin/counts?caller=" + ACCOUNT, "", null))
                .contains("{\"total\":1,\"writes\":0,\"byOperation\":{\"sts:GetCallerIdentity\":1}}");
        assertThat(send("GET", "/_twin/requests?after=0", "", null)).contains("sts:GetCallerIdentity");
        assertThat(send("POST", "/_twin/reset-counts", "", null)).contains("200");
        assertThat(send("GET", "/_twin/counts", "", null)).contains("\"total\":0");
        assertThat(send("GET", "/_twin/inventory", "", null)).contains("\"items\":[");
        assertThat(send("GET", "/_twin/nothing", "", null)).contains("404");
    }

    /** @return the status and the body */
    private String send(String method, String path, String body, String target) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = HttpRequest.newBuilder();
            if (target != null) {
                request.header("X-Amz-Target", target)
                        .header("Content-Type", "application/x-amz-json-1.1")
                        .header(
                                "Authorization",
                                "AWS4-HMAC-SHA256 Credential=k/20260102/eu-west-2/logs/aws4_request, Signature=0");
            }
            HttpResponse<String> response = http.send(
                    request.uri(URI.create(twin.endpoint() + path))
                            .method(method, BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        }
    }
}
