package dev.holdfast.twin.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.TwinServices;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.RequiredTrait;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncryptionType;

/** The twin refuses each input that it would otherwise ignore, and reads each input that AWS requires. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadMembersTest {
    private TwinServer twin;

    @BeforeAll
    void start() throws IOException {
        twin = TwinServer.start(TwinOptions.defaults());
    }

    @AfterAll
    void stop() {
        twin.close();
    }

    private static Stream<Operation> operations() {
        return TwinServices.types()
                .map(ServiceModel::of)
                .flatMap(service -> service.operations().stream())
                .filter(Operation::implemented);
    }

    @Test
    void readsEveryMemberThatAwsRequires() {
        Map<String, List<String>> ignored = new TreeMap<>();
        operations().forEach(operation -> {
            SdkPojo request = operation.builder();
            for (SdkField<?> field : request.sdkFields()) {
                if (field.containsTrait(RequiredTrait.class)) {
                    SdkPojo one = operation.builder();
                    field.set(one, field.getValueOrDefault(new RandomPojos(1).fill(operation.builder(), 1)));
                    if (operation.ignored(Members.build(one)).stream()
                            .anyMatch(name -> name.equals(field.memberName()))) {
                        ignored.computeIfAbsent(operation.toString(), key -> new ArrayList<>())
                                .add(field.memberName());
                    }
                }
            }
        });
        assertThat(ignored).isEmpty();
    }

    /** The twin reads every member of every request, or the refusal names the member. */
    @Test
    void refusesSomethingOfMostOperations() {
        long members = operations()
                .mapToLong(operation -> operation.builder().sdkFields().size())
                .sum();
        long refused = operations()
                .mapToLong(operation -> operation
                        .ignored(new RandomPojos(1).fill(operation.builder(), 0))
                        .size())
                .sum();
        assertThat(members).isGreaterThan(1000);
        assertThat(refused).isBetween(100L, members / 4);
    }

    record Ignored(String member, java.util.function.Consumer<Calls> call) {
        @Override
        public String toString() {
            return member;
        }
    }

    record Calls(Ec2Client ec2, EcsClient ecs, S3Client s3) {}

    static Stream<Ignored> ignored() {
        return Stream.of(
                new Ignored(
                        "Ipv4NetmaskLength",
                        c -> c.ec2().createVpc(r -> r.cidrBlock("10.0.0.0/16").ipv4NetmaskLength(16))),
                new Ignored("DryRun", c -> c.ec2().describeVpcs(r -> r.dryRun(true))),
                new Ignored(
                        "launchType",
                        c -> c.ecs().listServices(r -> r.cluster("main").launchType("FARGATE"))),
                new Ignored(
                        "CreateBucketConfiguration.Location",
                        c -> c.s3().createBucket(r ->
                                r.bucket("mine").createBucketConfiguration(b -> b.location(l -> l.name("use1-az1"))))));
    }

    @ParameterizedTest
    @MethodSource
    void ignored(Ignored example) {
        try (Ec2Client ec2 = client(Ec2Client.class);
                EcsClient ecs = client(EcsClient.class);
                S3Client s3 = client(S3Client.class)) {
            assertThatThrownBy(() -> example.call().accept(new Calls(ec2, ecs, s3)))
                    .isInstanceOfSatisfying(AwsServiceException.class, e -> {
                        assertThat(e.statusCode()).isEqualTo(501);
                        assertThat(e.awsErrorDetails().errorMessage())
                                .endsWith("the twin does not have " + example.member());
                    });
        }
        assertThat(twin.account("123456789012").inventory())
                .noneMatch(i -> i.type().matches("ec2:vpc|s3"));
    }

    @Test
    void acceptsADefaultThatIsSentAndAnEmptyList() {
        try (Ec2Client ec2 = client(Ec2Client.class);
                EcsClient ecs = client(EcsClient.class)) {
            ec2.describeVpcs(r -> r.dryRun(false));
            assertThatThrownBy(() -> ecs.createService(r -> r.cluster("none").volumeConfigurations(List.of())))
                    .hasMessageContaining("Cluster not found");
        }
    }

    @Test
    void keepsTheBlockOfAnEncryptionType() {
        try (S3Client s3 = client(S3Client.class)) {
            s3.createBucket(r -> r.bucket("blocked").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
            assertThat(blocked(s3)).containsExactly(EncryptionType.SSE_C);

            s3.putBucketEncryption(r -> r.bucket("blocked")
                    .serverSideEncryptionConfiguration(c ->
                            c.rules(rule -> rule.applyServerSideEncryptionByDefault(d -> d.sseAlgorithm("AES256"))
                                    .blockedEncryptionTypes(b -> b.encryptionType(EncryptionType.NONE)))));

            assertThat(blocked(s3)).containsExactly(EncryptionType.NONE);
            s3.deleteBucket(r -> r.bucket("blocked"));
        }
    }

    private static List<EncryptionType> blocked(S3Client s3) {
        return s3.getBucketEncryption(r -> r.bucket("blocked"))
                .serverSideEncryptionConfiguration()
                .rules()
                .getFirst()
                .blockedEncryptionTypes()
                .encryptionType();
    }

    private <C extends software.amazon.awssdk.core.SdkClient> C client(Class<C> type) {
        return OverHttp.client(type, twin.endpoint(), "key-123456789012");
    }
}
