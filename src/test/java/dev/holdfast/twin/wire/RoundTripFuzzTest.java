package dev.holdfast.twin.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kinds.InterceptedClient;
import dev.holdfast.twin.OverHttp;
import java.io.ByteArrayInputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The twin reads each request as the SDK's marshallers wrote it, and the SDK reads each answer as the twin wrote it.
 */
class RoundTripFuzzTest {
    /** AWS distinguishes these two operations by their host, and a twin has only one. */
    private static final Set<String> BY_HOST = Set.of("s3:ListDirectoryBuckets", "s3:WriteGetObjectResponse");

    /** There are 1,300 operations, and each takes long to load. Every seed selects others. */
    private final int most = Integer.getInteger("holdfast.fuzz.most", 40);

    private static final int DEPTH = 4;
    private final long seed = Long.getLong("holdfast.fuzz.seed", 20_260_131L);

    @ParameterizedTest
    @ValueSource(
            classes = {
                Ec2Client.class,
                EcsClient.class,
                ElasticLoadBalancingV2Client.class,
                ApplicationAutoScalingClient.class,
                CloudWatchClient.class,
                CloudWatchLogsClient.class,
                SecretsManagerClient.class,
                IamClient.class,
                S3Client.class,
                StsClient.class,
                ResourceGroupsTaggingApiClient.class
            })
    void arrivesAndComesBackEqual(Class<? extends SdkClient> api) throws Exception {
        // Given
        ServiceModel model = new ServiceModel(api, api);
        List<Operation> operations = new ArrayList<>(model.operations());
        operations.removeIf(o -> BY_HOST.contains(o.toString()));
        operations.sort(Comparator.comparing(o -> o.method().getName()));
        Collections.shuffle(operations, new Random(seed));
        Echo echo = new Echo();
        List<String> differences = new ArrayList<>();
        try (HttpFront server = new HttpFront(0, echo.over(model, api));
                SdkClient client = OverHttp.client(api, URI.create("http://127.0.0.1:" + server.port()), "key")) {
            for (Operation operation : operations.subList(0, Math.min(most, operations.size()))) {
                RandomPojos random =
                        new RandomPojos(seed ^ operation.method().getName().hashCode());
                SdkPojo request = random.fill(operation.builder(), DEPTH);
                echo.answer = random.fill(responseBuilder(operation), DEPTH);
                echo.seen = null;

                // When
                Object result = call(client, operation.method(), request);

                // Then
                compare(operation + " request", request, echo.seen, differences);
                compare(operation + " response", echo.answer, result, differences);
            }
        }
        assertThat(differences).as("seed %d", seed).isEmpty();
    }

    /** Stores the last request, and returns the answer that the test has set. */
    private static final class Echo {
        private volatile @Nullable Object seen;
        private volatile @Nullable SdkPojo answer;

        HttpFront.Handler over(ServiceModel model, Class<?> api) {
            Router router = new Router(List.of(model));
            Object twin = InterceptedClient.of(api, (proxy, method, args) -> {
                seen = args[0];
                for (Object argument : args) {
                    if (argument instanceof ResponseTransformer<?, ?> transformer) {
                        return transform(transformer);
                    }
                }
                return answer;
            });
            return (request, id) -> switch (router.route(request)) {
                case Route.Nowhere nowhere -> ErrorWriter.write(nowhere, nowhere.why(), id);
                case Route.Matched found -> {
                    SdkPojo input = RequestReader.read(found, request);
                    Outcome outcome = found.target().call(twin, input, request.body());
                    yield ReplyWriter.write(found, request, (Outcome.Answered) outcome, id);
                }
            };
        }

        @SuppressWarnings("unchecked")
        private Object transform(ResponseTransformer<?, ?> transformer) throws Exception {
            return ((ResponseTransformer<SdkResponse, Object>) transformer)
                    .transform((SdkResponse) answer, AbortableInputStream.create(new ByteArrayInputStream(new byte[] {7
                    })));
        }
    }

    private static SdkPojo responseBuilder(Operation operation) throws ReflectiveOperationException {
        String request = operation.method().getParameterTypes()[0].getName();
        String response = request.substring(0, request.length() - "Request".length()) + "Response";
        return (SdkPojo) Class.forName(response).getMethod("builder").invoke(null);
    }

    private static Object call(Object client, Method method, SdkPojo request) throws ReflectiveOperationException {
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        arguments[0] = request;
        for (int i = 1; i < types.length; i++) {
            arguments[i] =
                    types[i] == RequestBody.class ? RequestBody.fromString("content") : ResponseTransformer.toBytes();
        }
        try {
            Object result = method.invoke(client, arguments);
            return result instanceof ResponseBytes<?> bytes ? bytes.response() : result;
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        }
    }

    private static void compare(String what, Object sent, @Nullable Object got, List<String> differences) {
        String left = text(sent);
        String right = got == null ? "nothing" : text(got);
        if (!left.equals(right)) {
            int at = 0;
            while (at < Math.min(left.length(), right.length()) && left.charAt(at) == right.charAt(at)) {
                at++;
            }
            differences.add(what + ": " + part(left, at) + " became " + part(right, at));
        }
    }

    private static String part(String text, int at) {
        return text.substring(Math.max(0, Math.min(at, text.length()) - 60), Math.min(text.length(), at + 60));
    }

    /** The SDK's equals distinguishes an empty list or structure from an absent one. Not every protocol can. */
    private static String text(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        switch (value) {
            case SdkPojo pojo -> {
                for (SdkField<?> field : pojo.sdkFields()) {
                    Object member = Members.value(field, pojo);
                    boolean bare = member == null || member instanceof SdkPojo || member instanceof Collection<?>;
                    String inner = text(member);
                    if (!RandomPojos.ofTheSdk(field) && (!inner.isEmpty() || !bare)) {
                        text.append(field.memberName())
                                .append('=')
                                .append(inner)
                                .append(';');
                    }
                }
            }
            case List<?> list ->
                list.stream()
                        .map(RoundTripFuzzTest::text)
                        .filter(t -> !t.isEmpty())
                        .forEach(t -> text.append('[').append(t));
            case Map<?, ?> map ->
                new TreeMap<>(map).forEach((k, v) -> text.append(k).append(':').append(text(v)));
            case SdkBytes bytes -> text.append(Arrays.toString(bytes.asByteArray()));
            case null -> {}
            default -> text.append(value);
        }
        return text.toString();
    }
}
