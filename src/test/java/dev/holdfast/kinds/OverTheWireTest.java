package dev.holdfast.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kinds.cloudwatch.AlarmKind;
import dev.holdfast.kinds.cloudwatch.CompositeAlarmKind;
import dev.holdfast.kinds.cloudwatch.DashboardKind;
import dev.holdfast.kinds.ecr.RepositoryKind;
import dev.holdfast.kinds.iam.RoleKind;
import dev.holdfast.kinds.logs.LogGroupKind;
import dev.holdfast.kinds.s3.BucketKind;
import dev.holdfast.kinds.secretsmanager.SecretKind;
import dev.holdfast.kinds.sns.TopicKind;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** Requests and answers of a twin survive marshalling, with empty lists and escaped text. */
class OverTheWireTest {
    private static TwinServer server;
    private static Map<Class<? extends SdkClient>, SdkClient> clients;

    @BeforeAll
    static void start() throws IOException {
        server = TwinServer.start(TwinOptions.defaults());
        clients = Map.of(
                CloudWatchClient.class, client(CloudWatchClient.builder()),
                CloudWatchLogsClient.class, client(CloudWatchLogsClient.builder()),
                EcrClient.class, client(EcrClient.builder()),
                SnsClient.class, client(SnsClient.builder()),
                IamClient.class, client(IamClient.builder()),
                S3Client.class, client(S3Client.builder().forcePathStyle(true)),
                SecretsManagerClient.class, client(SecretsManagerClient.builder()));
    }

    private static <C extends SdkClient> C client(AwsClientBuilder<?, C> builder) {
        builder.endpointOverride(server.endpoint());
        builder.region(Region.EU_WEST_2);
        builder.credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("123456789012", "not-checked")));
        return builder.build();
    }

    @AfterAll
    static void stop() {
        clients.values().forEach(SdkClient::close);
        server.close();
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(
                        new AlarmKind(),
                        "alarmName",
                        "{'evaluationPeriods':2,'threshold':0.5,'comparisonOperator':'GreaterThanThreshold','alarmActions':[],"
                                + "'metrics':[{'id':'rate','expression':'100*errors/2'},{'id':'errors','returnData':false,"
                                + "'metricStat':{'period':60,'stat':'Sum','unit':'Count/Second','metric':{'namespace':'N',"
                                + "'metricName':'M','dimensions':[{'name':'a','value':'b'}]}}}]}",
                        "{'alarmDescription':'<&> ü'}"),
                Arguments.of(
                        new CompositeAlarmKind(),
                        "alarmName",
                        "{'alarmRule':'ALARM(a) AND NOT ALARM(b)','okActions':[]}",
                        "{'alarmActions':['arn:aws:sns:eu-west-2:123456789012:a']}"),
                Arguments.of(
                        new DashboardKind(),
                        "dashboardName",
                        "{'dashboardBody':{'widgets':[]}}",
                        "{'dashboardBody':{'widgets':[{'type':'text','properties':{'markdown':'a + b & c'}}]}}"),
                Arguments.of(
                        new BucketKind(),
                        "bucketName",
                        "{'publicAccessBlock':{'blockPublicAcls':true},'versioning':'Enabled','bucketEncryption':{'rules':[{}]},'lifecycleConfiguration':{'rules':[{'id':'a','expiration':{'days':1},'filter':{'prefix':'a"
                                + " b/<&>',"
                                + "'tags':{'k':'v'}},'transitions':[]}]},'corsConfiguration':{'corsRules':[{'allowedOrigins':"
                                + "['https://*.example'],'allowedMethods':['GET','PUT']}]},'policy':{}}",
                        "{'lifecycleConfiguration':{'rules':[]},'corsConfiguration':{'corsRules':[]},'versioning':'Suspended',"
                                + "'ownershipControls':{'rules':[]},'policy':{'Statement':[{'Effect':'Deny','Principal':'*',"
                                + "'Action':'s3:*','Resource':'arn:aws:s3:::dev-it-0a1b2c3d/*'}]}}"),
                Arguments.of(
                        new TopicKind(),
                        "topicName",
                        "{'displayName':'<&> u','policy':{'Statement':{'Effect':'Allow','Principal':'*','Action':'sns:Publish',"
                                + "'Resource':'*'}},'subscriptions':[{'protocol':'https','endpoint':'https://example.com/a?b=c&d',"
                                + "'filterPolicy':{'n':[{'numeric':['>',0.5]}]}}]}",
                        "{'displayName':'','subscriptions':[{'protocol':'sqs','endpoint':'arn:aws:sqs:eu-west-2:123456789012:q'}]}"),
                Arguments.of(
                        new RepositoryKind(),
                        "repositoryName",
                        "{'repositoryName':'a/api','lifecyclePolicy':{'rules':[]},'repositoryPolicy':{}}",
                        "{'lifecyclePolicy':{},'imageTagMutability':'IMMUTABLE_WITH_EXCLUSION',"
                                + "'imageTagMutabilityExclusionFilters':[{'filter':'dev-*'}]}"),
                Arguments.of(new LogGroupKind(), "logGroupName", "{'retentionInDays':7}", "{'retentionInDays':0}"),
                Arguments.of(
                        new RoleKind(),
                        "roleName",
                        "{'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'sts:AssumeRole','Principal':"
                                + "{'Service':'ecs.amazonaws.com'}}},'description':'','managedPolicyArns':[]}",
                        "{'policies':[{'policyName':'p+q','policyDocument':{'Version':'2012-10-17','Statement':{'Effect':'Allow','Action':'s3:*','Resource':'arn:aws:s3:::a"
                                + " b+c/*'}}}]}"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    <S extends Record> void livesAndDies(Kind<S> kind, String nameField, String spec, String patch) {
        KindHarness<S> harness = new KindHarness<>(kind, nameField, server.account("123456789012"), clients);
        if (kind instanceof DashboardKind) {
            harness.untagged();
        }

        harness.desire(spec).converge();
        harness.desire(spec, patch).converge();

        assertThat(harness.confirmed()).isEqualTo(harness.known());
        harness.delete();
        assertThat(harness.confirmed()).isNull();
        assertThat(harness.inventory()).isEmpty();
    }

    /** Secrets have their own test, because a deleted secret stays for 30 days. */
    @Test
    void keepsSecrets() {
        KindHarness<SecretKind.Spec> harness =
                new KindHarness<>(new SecretKind(), "name", server.account("123456789012"), clients);

        harness.desire("{'generateSecretString':{},'resourcePolicy':{}}").converge();
        harness.desire("{'description':'<&> ü','resourcePolicy':{'Statement':[]}}")
                .converge();

        assertThat(harness.confirmed()).isEqualTo(harness.known());
        harness.client(SecretsManagerClient.class)
                .deleteSecret(r -> r.secretId("dev-it-0a1b2c3d").forceDeleteWithoutRecovery(true));
        assertThat(harness.confirmed()).isNull();
    }
}
