package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.model.SupportEnd;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.lambda.TwinLambda;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A function is updated one call at a time, keeps the declared code, and leaves its network interfaces for a while
 * after its deletion.
 */
class FunctionTest {
    static final String ROLE = Docs.document("Role", "fn", """
            'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow',
              'Principal':{'Service':'lambda.amazonaws.com'},'Action':'sts:AssumeRole'}]},
            'policies':[{'policyName':'network','policyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow',
              'Action':['ec2:CreateNetworkInterface','ec2:DescribeNetworkInterfaces','ec2:DeleteNetworkInterface'],
              'Resource':'*'}]}}]""");

    static String function(String source, String more) {
        return Docs.document("Function", "fn", """
                'functionName':'fn','role':'${Role/fn.arn}','runtime':'python3.13','handler':'index.x',%s
                'code':{'zipFile':{'index.py':'%s'}}""".formatted(more, source));
    }

    private static FunctionConfiguration function(World world) {
        return world.somebody(LambdaClient.class)
                .getFunction(r -> r.functionName("fn"))
                .configuration();
    }

    private static List<String> writes(World world) {
        return world.twin.log().writes().stream()
                .filter(r -> r.operation().startsWith("lambda:") && r.status() < 300)
                .map(r -> r.operation())
                .toList();
    }

    @Test
    void codeWaitsUntilTheConfigurationIsUpdated() {
        try (World world = new World()) {
            world.desire(Docs.of(ROLE, function("x = 1", "'memorySize':128,"))).converged();
            String before = function(world).codeSha256();
            world.twin.log().reset();

            world.desire(Docs.of(ROLE, function("x = 2", "'memorySize':256,"))).converged();

            assertThat(function(world).memorySize()).isEqualTo(256);
            assertThat(function(world).codeSha256()).isNotEqualTo(before);
            assertThat(writes(world))
                    .containsExactly("lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionCode");
        }
    }

    @Test
    void codeThatSomebodyDeployedIsReplacedInTheNextPass() {
        try (World world = new World()) {
            world.desire(Docs.of(ROLE, function("x = 1", ""))).converged();
            String declared = function(world).codeSha256();
            world.somebody(LambdaClient.class)
                    .updateFunctionCode(r -> r.functionName("fn").zipFile(SdkBytes.fromByteArray(zip("x = 3"))));

            world.run(Duration.ofMinutes(3));

            assertThat(function(world).codeSha256()).isEqualTo(declared);
            assertThat(world.status("Function/fn")).isEqualTo(Status.Synced);
        }
    }

    /** Lambda then answers with an error instead of the variables. */
    @Test
    void anEnvironmentThatCannotBeReadIsUnknownAndNotOverwritten() {
        try (World world = new World()) {
            world.desire(Docs.of(ROLE, function("x = 1", "'environment':{'variables':{'A':'1'}},")))
                    .converged();
            TwinLambda lambda = world.account().service(World.REGION, TwinLambda.class);
            lambda.encryptsEnvironment("fn", false);
            world.twin.log().reset();

            world.run(Duration.ofMinutes(15));

            assertThat(writes(world)).isEmpty();
            assertThat(world.status("Function/fn")).isEqualTo(Status.Unknown);
            assertThat(world.resource("Function/fn").message()).contains("KMS access was denied");

            lambda.encryptsEnvironment("fn", true);
            world.converged();
            assertThat(writes(world)).isEmpty();
        }
    }

    @Test
    void codeInABucketIsDeployedIfItHasAnotherHash() {
        try (World world = new World()) {
            S3Client s3 = world.somebody(S3Client.class);
            s3.createBucket(
                    r -> r.bucket("theirs-code").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
            byte[] one = zip("x = 1");
            byte[] two = zip("x = 2");
            s3.putObject(r -> r.bucket("theirs-code").key("one.zip"), RequestBody.fromBytes(one));
            s3.putObject(r -> r.bucket("theirs-code").key("two.zip"), RequestBody.fromBytes(two));
            world.desire(Docs.of(ROLE, inBucket("one.zip", hash(one)))).converged();

            world.desire(Docs.of(ROLE, inBucket("two.zip", hash(two)))).converged();

            assertThat(function(world).codeSha256()).isEqualTo(hash(two));
        }
    }

    private static String inBucket(String key, String hash) {
        return Docs.document("Function", "fn", """
                'functionName':'fn','role':'${Role/fn.arn}','runtime':'python3.13','handler':'index.x',
                'code':{'s3Bucket':'theirs-code','s3Key':'%s','codeSha256':'%s'}""".formatted(key, hash));
    }

    /** AWS announces the dates on the page of the runtimes; java17 waits for a date that is verified. */
    @ParameterizedTest
    @CsvSource({
        "nodejs20.x, 2026-04-30",
        "nodejs22.x, 2027-04-30",
        "nodejs24.x, 2028-04-30",
        "python3.12, 2028-10-31",
        "python3.13, 2029-06-30",
        "java25, 2029-06-30",
        "ruby3.3, 2027-03-31",
        "ruby3.4, 2028-03-31",
        "dotnet10, 2028-11-14",
        "java17, "
    })
    void theEndOfSupportOfItsRuntimeIsKnown(String runtime, @Nullable LocalDate day) {
        try (World world = new World()) {
            world.desire(Docs.of(ROLE, function("x = 1", "").replace("python3.13", runtime)))
                    .converged();

            SupportEnd end = world.resource("Function/fn").outlook().support();
            assertThat(end == null ? null : LocalDate.ofInstant(end.at(), ZoneOffset.UTC))
                    .isEqualTo(day);
            assertThat(end == null ? runtime : end.of()).isEqualTo(runtime);
        }
    }

    /** The image brings its runtime, which Lambda does not see. */
    @Test
    void aFunctionFromAnImageHasNoEndOfSupport() {
        try (World world = new World()) {
            world.desire(Docs.of(ROLE, Docs.document("Function", "fn", """
                    'functionName':'fn','role':'${Role/fn.arn}',
                    'code':{'imageUri':'111122223333.dkr.ecr.eu-west-2.amazonaws.com/fn:1'}"""))).converged();

            assertThat(world.resource("Function/fn").outlook().support()).isNull();
        }
    }

    /** A newer runtime may break the code: this is a person's change. */
    @Test
    void aRuntimeThatEndedStays() {
        try (World world = new World()) {
            world.desire(Docs.of(ROLE, function("x = 1", "").replace("python3.13", "nodejs18.x")))
                    .converged();
            world.twin.log().reset();

            world.run(Duration.ofMinutes(15));

            assertThat(writes(world)).isEmpty();
            assertThat(world.resource("Function/fn").outlook().support())
                    .isNotNull()
                    .satisfies(end -> assertThat(end.at()).isBefore(world.clock.instant()))
                    .satisfies(end -> assertThat(end.then()).endsWith("set runtime to a newer version"));
        }
    }

    @Test
    void itsNetworkInterfacesHoldTheSecurityGroupForAWhile() {
        try (World world = new World()) {
            String network = String.join(
                    ",",
                    Docs.vpc(""),
                    Docs.subnet("a", "10.0.0.0/24", "eu-west-2a"),
                    Docs.group("fn", "functions", ""));
            world.desire(
                            Docs.of(
                                    ROLE,
                                    network,
                                    function(
                                            "x = 1",
                                            "'vpcConfig':{'subnetIds':['${Subnet/a}'],'securityGroupIds':['${SecurityGroup/fn}']},")))
                    .converged();

            world.desire(Docs.of(ROLE, Docs.vpc(""), Docs.subnet("a", "10.0.0.0/24", "eu-west-2a")), Docs.UNLIMITED)
                    .run(Duration.ofMinutes(10));
            world.approveHeld();
            world.run(Duration.ofMinutes(5));

            assertThat(world.owned()).doesNotContainKey("Function/fn").containsKey("SecurityGroup/fn");
            assertThat(world.somebody(Ec2Client.class)
                            .describeNetworkInterfaces(r -> {})
                            .networkInterfaces())
                    .hasSize(1);
            world.run(Duration.ofMinutes(60));
            assertThat(world.owned()).doesNotContainKey("SecurityGroup/fn");
        }
    }

    @Test
    void aStackWithoutFunctionsAsksLambdaForNothingButInASearch() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""))).converged();
            world.run(Duration.ofMinutes(10));
            world.twin.log().reset();

            world.run(Duration.ofMinutes(50));

            // Each kind is searched for orphans once an hour.
            Map<String, Long> asked = world.twin.log().requests().stream()
                    .map(LoggedRequest::operation)
                    .filter(operation -> operation.matches("(lambda|kms|secretsmanager):.*"))
                    .collect(Collectors.groupingBy(operation -> operation, Collectors.counting()));
            assertThat(asked.keySet()).isSubsetOf("lambda:ListFunctions", "secretsmanager:ListSecrets");
            // A secret and its rotation are two kinds.
            asked.forEach((operation, times) -> assertThat(times).as(operation).isBetween(1L, 2L));
        }
    }

    private static byte[] zip(String source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("index.py"));
            zip.write(source.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String hash(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
