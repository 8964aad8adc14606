package dev.holdfast.kinds.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.ecs.TaskDefinitionKind.Spec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskDefinitionKindTest {
    private static final String SECRET = "arn:aws:secretsmanager:eu-west-2:123456789012:secret:db-AbCdEf";
    private static final String API = """
        {'name': 'api', 'image': 'nginx:1', 'portMappings': [{'containerPort': 8080}, {'containerPort': 8125, 'protocol': 'udp'}],
         'environment': [{'name': 'B', 'value': '2'}, {'name': 'A', 'value': '1'}],
         'secrets': [{'name': 'PASSWORD', 'valueFrom': 'SECRET:password::'}],
         'logConfiguration': {'logDriver': 'awslogs',
                              'options': {'awslogs-group': '/api', 'awslogs-region': 'eu-west-2'}},
         'healthCheck': {'command': ['CMD-SHELL', 'curl -f localhost:8080/health'], 'startPeriod': 10},
         'command': ['serve'], 'entryPoint': ['/run'], 'dependsOn': [{'containerName': 'xray', 'condition': 'START'}],
         'memory': 256, 'memoryReservation': 128, 'user': '1000', 'readonlyRootFilesystem': true,
         'workingDirectory': '/app', 'stopTimeout': 60, 'startTimeout': 30,
         'linuxParameters': {'initProcessEnabled': true, 'capabilities': {'drop': ['ALL']}},
         'ulimits': [{'name': 'nofile', 'softLimit': 1024, 'hardLimit': 4096}],
         'dockerLabels': {'team': 'a'}, 'mountPoints': [{'sourceVolume': 'tmp', 'containerPath': '/tmp'}]}\
        """.replace("SECRET", SECRET);
    private static final String XRAY =
            "{'name': 'xray', 'image': 'amazon/aws-xray-daemon', 'essential': false, 'cpu': 32, 'memoryReservation':"
                    + " 64}";
    private static final String WHOLE = """
        {'family': 'api', 'cpu': '.25 vCPU', 'memory': '0.5GB', 'networkMode': 'awsvpc',
         'requiresCompatibilities': ['FARGATE'], 'executionRoleArn': 'arn:aws:iam::123456789012:role/execution',
         'taskRoleArn': 'arn:aws:iam::123456789012:role/task',
         'runtimePlatform': {'cpuArchitecture': 'ARM64', 'operatingSystemFamily': 'LINUX'},
         'ephemeralStorage': {'sizeInGiB': 30},
         'volumes': [{'name': 'tmp'}, {'name': 'shared', 'efsVolumeConfiguration': {'fileSystemId': 'fs-1'}}],
         'containerDefinitions': [%s, %s], 'tags': {'Project': 'x'}}\
        """.formatted(XRAY, API);

    private final EcsWorld world = new EcsWorld();
    private final OneResource<Spec> definition =
            new OneResource<>(new TaskDefinitionKind(), world.clients, "TaskDefinition/api", "api");

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isAsDesiredOnceItIsRegistered(int pageSize) {
        world.settings.pageSize(pageSize);
        Spec spec = definition.desired(WHOLE);

        String arn = definition.create(spec);

        assertThat(definition.diff(spec).changes()).isEmpty();
        assertThat(definition.observe(null, arn, false)).hasSize(1);
        Known<Spec> known = definition.known(spec);
        assertThat(known.outputs())
                .containsEntry("arn", arn)
                .containsEntry("family", "api")
                .containsEntry("revision", 1);
        assertThat(known.createdAt()).isEqualTo(world.clock.instant());
        assertThat(known.identity().tags()).containsEntry("holdfast:resource", "TaskDefinition/api");
    }

    @Test
    void isTheSameInWhateverFormItIsWritten() {
        Spec spec = definition.desired(WHOLE);

        Spec other = definition.desired(WHOLE.replace(".25 vCPU", "256")
                .replace("0.5GB", "512")
                .replace(XRAY + ", ", "")
                .replace(API, API + ", " + XRAY)
                .replace("'containerPort': 8080", "'containerPort': 8080, 'hostPort': 8080, 'protocol': 'tcp'")
                .replace("'memory': 256,", "'memory': 256, 'essential': true, 'cpu': 0,")
                .replace("'startPeriod': 10", "'interval': 30, 'timeout': 5, 'retries': 3, 'startPeriod': 10")
                .replace(
                        "{'name': 'B', 'value': '2'}, {'name': 'A', 'value': '1'}",
                        "{'name': 'A', 'value': '1'}, {'name': 'B', 'value': '2'}"));

        assertThat(other).isEqualTo(spec);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".25 vCPU|512",
                "nginx:1|nginx:2",
                "'value': '2'|'value': '3'",
                "{'name': 'B', 'value': '2'}, |",
                "'secrets': [{'name': 'PASSWORD', 'valueFrom': 'SECRET:password::'}],|",
                "'healthCheck': {'command': ['CMD-SHELL', 'curl -f localhost:8080/health'], 'startPeriod': 10},|",
                ", 'startPeriod': 10|",
                "'linuxParameters': {'initProcessEnabled': true, 'capabilities': {'drop': ['ALL']}},|",
                "'user': '1000',|",
                "'memory': 256,|",
                "'stopTimeout': 60,|",
                "'readonlyRootFilesystem': true,|",
                "'command': ['serve'],|",
                "'dockerLabels': {'team': 'a'},|",
                "{'containerPort': 8125, 'protocol': 'udp'}|{'containerPort': 8125}",
                "'awslogs-region': 'eu-west-2'|'awslogs-region': 'eu-west-1'",
                "'essential': false, |",
                "'fs-1'|'fs-2'",
                "ARM64|X86_64"
            })
    void isReplacedWhateverChangesInIt(String change) {
        definition.create(definition.desired(WHOLE));
        String[] parts = change.replace("SECRET", SECRET).split("\\|", -1);
        Spec changed = definition.desired(WHOLE.replace(parts[0], parts[1]));

        assertThat(definition.diff(changed).replaces()).isTrue();
    }

    @Test
    void changesTagsInPlace() {
        definition.create(definition.desired(WHOLE));
        Spec changed = definition.desired(WHOLE.replace("'Project': 'x'", "'Project': 'y'"));

        definition.converge(changed);

        assertThat(definition.diff(changed).changes()).isEmpty();
        assertThat(definition.observe(changed, null, false)).hasSize(1);
    }

    @Test
    void findsEveryRevisionOfOursWhenTheStateIsLostAndNoneOfAnotherFamilyOrOwner() {
        Spec spec = definition.desired(WHOLE);
        String first = definition.create(spec);
        String second = definition.create(definition.desired(WHOLE.replace("nginx:1", "nginx:2")));
        world.taskDefinition("stranger");
        new OneResource<>(new TaskDefinitionKind(), world.clients, "TaskDefinition/api2", "api-2")
                .create(definition.desired(WHOLE.replace("'family': 'api'", "'family': 'api-2'")));

        List<Observation<Spec>> found = definition.observe(spec, null, false);

        assertThat(found)
                .extracting(o -> ((Known<Spec>) o).identity().physicalId())
                .containsExactlyInAnyOrder(first, second);
    }

    @Test
    void isAbsentOnceItIsDeregistered() {
        Spec spec = definition.desired(WHOLE);
        String arn = definition.create(spec);

        definition.delete(spec);

        assertThat(definition.observe(spec, arn, false)).isEmpty();
        assertThat(definition.observe(spec, arn, true)).isEmpty();
        assertThat(definition.observe(spec, null, true)).isEmpty();
    }

    @Test
    void isAbsentOnceItIsDeletedForGood() {
        String never = "arn:aws:ecs:eu-west-2:123456789012:task-definition/api:7";

        assertThat(definition.observe(definition.desired(WHOLE), never, false)).isEmpty();
    }
}
