package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.holdfast.model.Fault;
import dev.holdfast.model.Fault.Category;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The SDK's failures for missing credentials and unreachable endpoints become one line with the solution. */
@Isolated("it sets properties of its process")
class ClientFailureTest {
    private static final String CONFIG = """
        [profile sso]
        sso_session = holdfast-test
        sso_account_id = 123456789012
        sso_role_name = Admin
        region = eu-west-2
        [sso-session holdfast-test]
        sso_start_url = https://holdfast-test.awsapps.com/start
        sso_region = eu-west-2
        sso_registration_scopes = sso:account:access
        [profile former]
        sso_start_url = https://holdfast-test.awsapps.com/start
        sso_region = eu-west-2
        sso_account_id = 123456789012
        sso_role_name = Admin
        [profile nosession]
        sso_session = none
        sso_account_id = 123456789012
        sso_role_name = Admin
        [profile nosource]
        role_arn = arn:aws:iam::123456789012:role/x
        source_profile = missing
        [profile empty]
        region = eu-west-2
        [profile login]
        login_session = arn:aws:sts::123456789012:assumed-role/x/y
        [profile process]
        credential_process = /bin/false
        """;

    @TempDir
    Path temp;

    private Fault fault(AwsCredentialsProvider credentials, URI endpoint, String role) {
        try (ClientFactory factory =
                new ClientFactory(ClientFactory.Config.of(endpoint, credentials, "test", RateLimits.ofAws()))) {
            Ec2Client ec2 = factory.of("123456789012", "eu-west-2", role).client(Ec2Client.class);
            return Faults.classify(catchThrowable(ec2::describeVpcs), List.of());
        }
    }

    private Fault withProfile(String profile) throws IOException {
        Map<String, String> settings = Map.of(
                "aws.configFile",
                Files.writeString(temp.resolve("config"), CONFIG).toString(),
                "aws.sharedCredentialsFile",
                temp.resolve("none").toString(),
                "aws.disableEc2Metadata",
                "true",
                "aws.profile",
                profile);
        Map<String, String> before = new HashMap<>();
        settings.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
        try {
            return fault(DefaultCredentialsProvider.builder().build(), URI.create("http://127.0.0.1:1"), null);
        } finally {
            before.forEach((name, value) -> {
                if (value == null) {
                    System.clearProperty(name);
                } else {
                    System.setProperty(name, value);
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        sso       | run 'aws sso login --profile sso'
        former    | run 'aws sso login --profile former'
        nosession | the profile nosession gives no AWS credentials: Sso-session section not found with sso-session title none.
        nosource  | the profile nosource gives no AWS credentials: The source profile of 'nosource' was configured to be 'missing'
        empty     | AWS_PROFILE names the profile empty, which does not exist or has no credentials
        missing   | AWS_PROFILE names the profile missing, which does not exist or has no credentials
        login     | run 'eval "$(aws configure export-credentials --profile login --format env)"' first
        process   | the profile process gives no AWS credentials: Failed to refresh process-based credentials.
        default   | there are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID
        """)
    void missingCredentialsAreOneLineThatSaysWhatToDo(String profile, String words) throws IOException {
        Fault fault = withProfile(profile);

        assertThat(fault.category()).isEqualTo(Category.DENIED);
        assertThat(fault.code()).isEqualTo("NoCredentials");
        assertThat(fault.message())
                .contains(words)
                .doesNotContain("Provider", "\n")
                .hasSizeLessThan(260);
    }

    @Test
    void aClosedPortIsNamed() {
        Fault fault = fault(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
                URI.create("http://127.0.0.1:1"),
                null);

        assertThat(fault.category()).isEqualTo(Category.TRANSIENT);
        assertThat(fault.code()).isEqualTo("Unreachable");
        assertThat(fault.message())
                .contains("127.0.0.1:1", "check AWS_ENDPOINT_URL")
                .doesNotContain("\n");
    }

    @Test
    void aRoleThatMayNotBeAssumedIsTheFaultOfThatCall() throws IOException {
        try (TwinServer twin = TwinServer.start(TwinOptions.defaults())) {
            twin.faults().add("sts:AssumeRole", new TwinFault.Deny());

            Fault fault = fault(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("123456789012", "b")),
                    twin.endpoint(),
                    "arn:aws:iam::123456789012:role/stack");

            assertThat(fault.category()).isEqualTo(Category.DENIED);
            assertThat(fault.operation()).isEqualTo("sts:AssumeRole");
            assertThat(fault.message()).contains("the role has to trust the caller");
        }
    }

    @ParameterizedTest
    @CsvSource({"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"})
    void credentialsThatAwsNoLongerAcceptsSayHowToRenewThem(String code) throws IOException {
        try (TwinServer twin = TwinServer.start(TwinOptions.defaults())) {
            twin.faults().add("ec2:*", new TwinFault.Refuse(403, code, "The security token is not valid"));

            Fault fault = fault(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("123456789012", "b")),
                    twin.endpoint(),
                    null);

            assertThat(fault.code()).isEqualTo(code);
            assertThat(fault.message()).contains("The security token is not valid: ", "new credentials");
        }
    }
}
