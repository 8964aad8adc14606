package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.model.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

class ClientFactoryTest {
    private static final String VPCS = "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>";
    private static final String VPC = "<CreateVpcResponse><vpc><vpcId>vpc-1</vpcId></vpc></CreateVpcResponse>";
    private static final String WHO =
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account>"
                    + "</GetCallerIdentityResult></GetCallerIdentityResponse>";
    private static final String ROLE = "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
            + "<AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
            + "<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

    private FakeAws aws;
    private ClientFactory factory;
    private RateLimits limits;

    @BeforeEach
    void start() throws IOException {
        aws = new FakeAws();
        limits = RateLimits.ofAws(() -> 0, time -> {});
        factory = new ClientFactory(config());
    }

    private ClientFactory.Config config() {
        return ClientFactory.Config.of(
                        aws.uri(),
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("OWN", "very-secret")),
                        "inst/1",
                        limits)
                .backoff(Duration.ofMillis(1));
    }

    @AfterEach
    void stop() {
        factory.close();
        aws.close();
    }

    private Ec2Client ec2() {
        return factory.of("123456789012", "eu-west-2", null).client(Ec2Client.class);
    }

    @Test
    void countsEveryTryAsItGoesOut() {
        aws.ec2Error(503, "RequestLimitExceeded").answer(200, VPCS);
        CallContext pass = new CallContext(() -> true);

        pass.run(() -> ec2().describeVpcs());

        assertThat(pass.requests()).isEqualTo(Map.of("ec2:DescribeVpcs", 2L));
        assertThat(pass.writes()).isZero();
    }

    @Test
    void throttledWritesAreTriedAgainAndSlowTheirBucket() {
        aws.ec2Error(503, "RequestLimitExceeded").answer(200, VPC);
        CallContext pass = new CallContext(() -> true);

        String id = pass.call(
                () -> ec2().createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId());

        assertThat(id).isEqualTo("vpc-1");
        assertThat(pass.writes()).isEqualTo(2);
        assertThat(limits.bucket("123456789012/eu-west-2", "ec2", "CreateVpc").rate(0))
                .isEqualTo(2.5);
        assertThat(limits.bucket("123456789012/eu-west-2", "ec2", "DescribeVpcs")
                        .rate(0))
                .isEqualTo(20);
    }

    @Test
    void aCreateWhoseAnswerIsInDoubtIsNotRepeated() {
        aws.ec2Error(500, "InternalError").answer(200, VPC);

        assertThatThrownBy(() -> ec2().createVpc(r -> r.cidrBlock("10.0.0.0/16")))
                .isInstanceOf(Ec2Exception.class);

        assertThat(aws.requests()).hasSize(1);
    }

    @Test
    void aCreateWithAClientTokenIsRepeated() {
        aws.ec2Error(500, "InternalError").answer(200, "<CreateNatGatewayResponse/>");

        ec2().createNatGateway(r -> r.subnetId("subnet-1").clientToken("t"));

        assertThat(aws.requests()).hasSize(2);
    }

    @Test
    void aReadIsRepeated() {
        aws.ec2Error(500, "InternalError").answer(200, VPCS);

        ec2().describeVpcs();

        assertThat(aws.requests()).hasSize(2);
    }

    @Test
    void refusesAWriteThatMayNotBegin() {
        aws.answer(200, VPC);
        CallContext pass = new CallContext(() -> false);

        assertThatThrownBy(() -> pass.run(() -> ec2().createVpc(r -> r.cidrBlock("10.0.0.0/16"))))
                .isInstanceOf(WriteRefusedException.class)
                .hasMessageContaining("ec2:CreateVpc");

        assertThat(aws.requests()).isEmpty();
        assertThat(pass.total()).isZero();
    }

    @Test
    void asksBeforeEachTry() {
        aws.ec2Error(503, "RequestLimitExceeded").answer(200, VPC);
        AtomicInteger asked = new AtomicInteger();
        CallContext pass = new CallContext(() -> asked.incrementAndGet() == 1);

        assertThatThrownBy(() -> pass.run(() -> ec2().createVpc(r -> r.cidrBlock("10.0.0.0/16"))))
                .isInstanceOf(WriteRefusedException.class);

        assertThat(aws.requests()).hasSize(1);
    }

    @Test
    void readsGoOnWithoutTheRightToWrite() {
        aws.answer(200, VPCS);
        CallContext pass = new CallContext(() -> false);

        pass.run(() -> ec2().describeVpcs());

        assertThat(pass.total()).isEqualTo(1);
    }

    @Test
    void assumesTheRoleAndCountsThat() {
        aws.answer(200, ROLE).answer(200, WHO);
        CallContext pass = new CallContext(() -> false);
        Clients clients = factory.of("123456789012", "eu-west-2", "arn:aws:iam::123456789012:role/deploy");

        pass.run(() -> clients.client(StsClient.class).getCallerIdentity());

        assertThat(pass.requests()).isEqualTo(Map.of("sts:AssumeRole", 1L, "sts:GetCallerIdentity", 1L));
        assertThat(aws.requests().get(0).body()).contains("RoleSessionName=holdfast-inst-1");
        assertThat(aws.requests().get(1).authorization()).contains("ASSUMED");
    }

    @Test
    void callsForTheStateAreToldApartAndNotCounted() {
        aws.answer(200, "");
        CallContext pass = new CallContext(() -> true);
        try (ClientFactory state = new ClientFactory(config().forState())) {
            S3Client s3 = state.of("123456789012", "eu-west-2", null).client(S3Client.class);

            pass.run(() -> s3.deleteObject(r -> r.bucket("b").key("k")));
        }

        assertThat(pass.total()).isZero();
        assertThat(aws.requests().getFirst().path()).startsWith("/b/k");
        assertThat(aws.requests().getFirst().userAgent()).contains("app/holdfast-state");
    }

    @Test
    void masksTheSecretThatAnErrorRepeats() {
        aws.answer(400, "{\"__type\":\"ValidationException\",\"message\":\"Value 'hunter2-hunter2' is too short\"}");
        SecretsManagerClient secrets =
                factory.of("123456789012", "eu-west-2", null).client(SecretsManagerClient.class);

        Throwable thrown =
                catchThrowable(() -> secrets.createSecret(r -> r.name("n").secretString("hunter2-hunter2")));

        Fault fault = Faults.classify(thrown, List.of());
        assertThat(fault.message()).isEqualTo("Value '***' is too short");
        assertThat(fault.operation()).isEqualTo("secretsmanager:CreateSecret");
        assertThat(fault.category()).isEqualTo(Fault.Category.INVALID);
    }

    @Test
    void givesTheSameClientAgainAndKnowsItsNeighbours() {
        Clients clients = factory.of("123456789012", "eu-west-2", null);

        assertThat(clients.client(Ec2Client.class)).isSameAs(ec2());
        assertThat(clients.in("us-east-1").region()).isEqualTo("us-east-1");
        assertThat(clients.in("eu-west-2")).isSameAs(clients);
    }

    @Test
    void saysNothingSecret() {
        assertThat(factory.toString() + config() + factory.of("1", "eu-west-2", null))
                .doesNotContain("very-secret", "OWN");
    }
}
