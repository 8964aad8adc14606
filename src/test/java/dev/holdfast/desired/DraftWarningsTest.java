package dev.holdfast.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Warnings about documents that AWS accepts. */
class DraftWarningsTest {
    private static final String NETWORK =
            document("Network", "main", "'cidrBlock':'10.0.0.0/16','zones':['a','b'],'containerPorts':[8080]");
    private static final String FUNCTION = document(
            "Function",
            "fn",
            "'functionName':'fn','role':'arn:aws:iam::123456789012:role/fn','runtime':'python3.13','handler':'index.x',"
                    + "'code':{'zipFile':{'index.py':'x = 1'}}");
    private static final String SECRET = document("Secret", "db", "'name':'Dev/db'");
    private static final String ROTATION = document(
            "SecretRotation",
            "db",
            "'secretId':'${Secret/db.arn}','rotationLambdaARN':'${Function/fn.arn}',"
                    + "'rotationRules':{'automaticallyAfterDays':30}");

    private static String document(String kind, String name, String spec) {
        return "{'apiVersion':'holdfast.dev/v1','kind':'" + kind + "','metadata':{'name':'" + name + "'},'spec':{"
                + spec + "}}";
    }

    private static String alarm(String metric, String function) {
        return document(
                "Alarm",
                "fn",
                "'namespace':'AWS/Lambda','metricName':'" + metric + "','dimensions':[{'name':'FunctionName','value':'"
                        + function + "'}],'statistic':'Sum','period':300,'evaluationPeriods':1,'threshold':0,"
                        + "'comparisonOperator':'GreaterThanThreshold'");
    }

    private static List<Problem> warnings(String... documents) {
        String stack = "{'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'dev'},"
                + "'spec':{'account':'123456789012','region':'eu-west-2','include':['docs.json']}}";
        LoadResult loaded = new DesiredCompiler(TestKinds.all())
                .compile(Map.of(
                        "dev/stack.json",
                        bytes(stack),
                        "dev/docs.json",
                        bytes("[" + String.join(",\n", documents) + "]")))
                .get("dev");
        if (loaded instanceof LoadResult.ValidRevision valid) {
            return valid.warnings();
        }
        throw new AssertionError("not valid: " + loaded);
    }

    private static byte[] bytes(String text) {
        return text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    private static String service(String more) {
        return document("EcsCluster", "main", "") + ","
                + document("Service", "api", "'image':'123456789012.dkr.ecr.eu-west-2.amazonaws.com/api:1'" + more);
    }

    /**
     * AWS recommends OpenTelemetry instead, and has released only security fixes for the daemon since February 2026.
     *
     * @see <a href="https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon-eos.html">the end of the daemon</a>
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "public.ecr.aws/xray/aws-xray-daemon:3.3.14",
                "amazon/aws-xray-daemon",
                "123456789012.dkr.ecr.eu-west-2.amazonaws.com/mirror/xray-daemon:latest",
                "public.ecr.aws/xray/aws-xray-daemon@sha256:8ff0e96f0e85ec4dbeb1a48ebb4fd6d65f1c2b3c19b5d0b4ce0a40cf2d3c4a11"
            })
    void theDaemonOfXrayAsASidecar(String image) {
        assertThat(warnings(
                        NETWORK, service(",'sidecars':[{'name':'xray','image':'" + image + "','essential':false}]")))
                .singleElement()
                .satisfies(warning -> {
                    assertThat(warning.pointer()).isEqualTo("/spec/sidecars/0/image");
                    assertThat(warning.line()).isEqualTo(2);
                    assertThat(warning.message()).contains("X-Ray daemon", "since 2026-02-25");
                    assertThat(warning.hint()).contains("tracing", "Service/api");
                });
    }

    @Test
    void theDaemonOfXrayInATask() {
        assertThat(warnings(document(
                        "TaskDefinition",
                        "api",
                        "'containerDefinitions':[{'name':'api','image':'nginx:1'},"
                                + "{'name':'xray','image':'amazon/aws-xray-daemon:3.x'}]")))
                .singleElement()
                .extracting(Problem::pointer)
                .isEqualTo("/spec/containerDefinitions/1/image");
    }

    @Test
    void theAgentAndOtherContainersAreFine() {
        assertThat(
                        warnings(
                                NETWORK,
                                service(
                                        ",'tracing':true,'sidecars':[{'name':'a','image':'amazon/aws-xray-daemon-exporter:1'}]")))
                .isEmpty();
    }

    /** Secrets Manager sends no message when the function fails, and tries the rotation again only later. */
    @Test
    void aRotationWhoseFunctionNoAlarmWatches() {
        assertThat(warnings(FUNCTION, SECRET, ROTATION)).singleElement().satisfies(warning -> {
            assertThat(warning.pointer()).isEqualTo("/spec/rotationLambdaARN");
            assertThat(warning.message()).contains("no alarm watches the errors of Function/fn");
            assertThat(warning.hint()).contains("AWS/Lambda", "Errors", "FunctionName");
        });
        assertThat(warnings(FUNCTION, SECRET, ROTATION, alarm("Duration", "${Function/fn.name}")))
                .hasSize(1);
        assertThat(warnings(FUNCTION, SECRET, ROTATION, alarm("Errors", "another")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${Function/fn.name}", "${Function/fn}", "fn"})
    void aRotationWhoseFunctionAnAlarmWatches(String function) {
        assertThat(warnings(FUNCTION, SECRET, ROTATION, alarm("Errors", function)))
                .isEmpty();
    }

    @Test
    void aRotationWhoseFunctionAnAlarmOnSeveralMetricsWatches() {
        String spec = "'metrics':[{'id':'e','metricStat':{'metric':{'namespace':'AWS/Lambda','metricName':'Errors',"
                + "'dimensions':[{'name':'FunctionName','value':'fn'}]},'period':300,'stat':'Sum'}}],"
                + "'evaluationPeriods':1,'threshold':0,'comparisonOperator':'GreaterThanThreshold'";

        assertThat(warnings(FUNCTION, SECRET, ROTATION, document("Alarm", "fn", spec)))
                .isEmpty();
    }

    /** The function belongs to another stack, which may have the alarm. */
    @Test
    void aRotationByAFunctionThatIsNotInTheStack() {
        String rotation =
                ROTATION.replace("${Function/fn.arn}", "arn:aws:lambda:eu-west-2:123456789012:function:shared");

        assertThat(warnings(SECRET, rotation)).isEmpty();
    }

    /** The composite has the alarm; its user can switch it off. */
    @Test
    void theRotationOfADatabase() {
        String database = "'engineVersion':'15','dbInstanceClass':'db.t4g.medium',"
                + "'rotation':{'image':'123456789012.dkr.ecr.eu-west-2.amazonaws.com/holdfast:1.0.0'}";

        assertThat(warnings(NETWORK, document("Database", "main", database))).isEmpty();
        assertThat(warnings(NETWORK, document("Database", "main", database + ",'alarms':false")))
                .singleElement()
                .asString()
                .contains("no alarm watches the errors of Function/main-rotation", "a part of Database/main");
    }

    /** The desired state of the first user has the alarm in both stacks, and no warning. */
    @Test
    void theFirstUsersStacks() {
        Map<String, LoadResult> stacks = new DesiredCompiler(TestKinds.all()).compile(Path.of("desired-state"));

        assertThat(stacks.keySet()).contains("dev", "prod");
        stacks.forEach((name, loaded) -> {
            assertThat(loaded).as(name).isInstanceOfSatisfying(LoadResult.ValidRevision.class, valid -> {
                assertThat(valid.warnings()).isEmpty();
                Map<ResourceId, DesiredResource> all = valid.revision().resources();
                assertThat(all.keySet().stream().filter(id -> id.kind().equals("SecretRotation")))
                        .allSatisfy(rotation -> {
                            DesiredResource alarm = all.get(new ResourceId("Alarm", rotation.name() + "-failed"));
                            assertThat(alarm).as("%s in %s", rotation, name).isNotNull();
                            assertThat(alarm.spec().path("alarmActions")).isNotEmpty();
                        });
            });
        });
        assertThat(CompiledStack.valid(stacks.get("prod")).resources().keySet())
                .anyMatch(id -> id.kind().equals("SecretRotation"));
    }

    /**
     * ECS gives a secret to a container when the task starts. If the rotation changes the password of the only user,
     * running tasks fail from then on.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html">Secrets
     *     in variables</a>
     */
    @Test
    void aTaskThatKeepsThePasswordOfARotatedUser() {
        String alarm = alarm("Errors", "fn");
        String task = document(
                "TaskDefinition",
                "api",
                "'containerDefinitions':[{'name':'api','image':'nginx:1','secrets':[{'name':'P','valueFrom':'%s'}]}]");

        assertThat(warnings(FUNCTION, SECRET, ROTATION, alarm, task.formatted("${Secret/db.arn}:password::")))
                .singleElement()
                .satisfies(warning -> {
                    assertThat(warning.pointer()).isEqualTo("/spec/containerDefinitions/0/secrets/0/valueFrom");
                    assertThat(warning.message()).contains("the rotation of Secret/db", "until they are restarted");
                });
        assertThat(warnings(
                        FUNCTION,
                        SECRET,
                        ROTATION,
                        alarm,
                        task.formatted("${Secret/db.arn}:password::${Secret/db.versionId}")))
                .isEmpty();
        String alternating = document(
                "Secret",
                "db",
                "'name':'Dev/db','generateSecretString':{'generateStringKey':'password',"
                        + "'secretStringTemplate':'{\\\"masterarn\\\":\\\"m\\\"}'}");
        assertThat(warnings(FUNCTION, alternating, ROTATION, alarm, task.formatted("${Secret/db.arn}")))
                .isEmpty();
    }

    /** Only services follow the bounds of their scalable targets. */
    @ParameterizedTest
    @CsvSource({
        "NodeGroups, /numNodeGroups, replicasPerNodeGroup, true",
        "NodeGroups, '', numNodeGroups, false",
        "Replicas, '', replicasPerNodeGroup, false",
        "Replicas, /replicasPerNodeGroup, numNodeGroups, true",
    })
    void aScaledCacheHasItsNumberIgnored(String dimension, String ignored, String field, boolean silent) {
        String cache = document(
                        "ReplicationGroup",
                        "c",
                        "'replicationGroupDescription':'x','engine':'valkey','cacheNodeType':'cache.r7g.large',"
                                + "'numNodeGroups':2,'replicasPerNodeGroup':1,'automaticFailoverEnabled':true,"
                                + "'engineVersion':'8','atRestEncryptionEnabled':true,'transitEncryptionEnabled':true,"
                                + "'cacheSubnetGroupName':'s','securityGroupIds':['sg-1']")
                .replace(
                        "'spec'",
                        "'lifecycle':{'ignore':[" + (ignored.isEmpty() ? "" : "'" + ignored + "'") + "]},'spec'");
        String target = document(
                "ScalableTarget",
                "t",
                "'serviceNamespace':'elasticache','scalableDimension':'elasticache:replication-group:" + dimension
                        + "','resourceId':'replication-group/${ReplicationGroup/c.id}','minCapacity':1,'maxCapacity':9");

        List<Problem> found = warnings(cache, target);

        if (silent) {
            assertThat(found).isEmpty();
        } else {
            assertThat(found).singleElement().satisfies(warning -> {
                assertThat(warning.message()).contains(field, "ScalableTarget/t", "repairs each change");
                assertThat(warning.hint()).contains("\"/" + field + "\"", "ReplicationGroup/c");
            });
        }
    }
}
