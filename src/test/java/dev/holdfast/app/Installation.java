package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.desired.CompiledStack;
import dev.holdfast.desired.DesiredCompiler;
import dev.holdfast.desired.Head;
import dev.holdfast.desired.Publisher;
import dev.holdfast.model.Revision;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.s3.S3Client;

/** The daemon of the application under test, on a twin in the same process. All tests share it. */
final class Installation {
    static final String ACCOUNT = "123456789012";
    static final String REGION = "eu-west-2";
    static final String TOKEN = "t0k3n-0f-th3-t3st";
    static final String BUCKET = "installation";
    static final String LOCATION = "s3://" + BUCKET + "/desired";
    /** A stack with a pass every second: a security group that drifts, and a log group. */
    static final String TINY = "tiny";
    /** A stack with a pass every hour, in which every pending update needs an approval. */
    static final String HELD = "held";

    static final String NO_UPDATES = "'interval':'PT1H','limits':{'maxUpdates':0},";

    private static final String VPC =
            "{'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.0.0.0/16'}}";
    private static final String GROUP = """
        {'apiVersion':'holdfast.dev/v1','kind':'SecurityGroup','metadata':{'name':'web'},'spec':{
          'vpcId':'${Vpc/main}','description':'web',
          'ingress':[{'protocol':'tcp','fromPort':443,'toPort':443,'cidrIpv4':'0.0.0.0/0'}],
          'egress':[{'protocol':'-1','cidrIpv4':'0.0.0.0/0'}]}}
        """;
    static final String LOGS =
            "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},'spec':{'logGroupName':'/%s/app','retentionInDays':7}}";

    private static @Nullable Installation only;

    final TwinServer twin;
    private final CommandContext parts;
    private final InstallationConfig environment;

    private Installation(CommandContext parts) throws IOException {
        this.parts = parts;
        // The region of the operator's own buckets, which the operator needs whenever it opens a bucket.
        System.setProperty("aws.region", REGION);
        // Without a delay, because the second of two commands may run before the index shows the objects of the first.
        TwinSettings settings = new TwinSettings().speed(1000).delay(Delay.TAGGING_INDEX, Duration.ZERO);
        twin = TwinServer.start(TwinOptions.defaults().withSettings(settings));
        bucket(BUCKET);
        environment = new InstallationConfig(
                LOCATION, "s3://" + BUCKET + "/.holdfast", "inst", Set.of(), twin.endpoint(), TOKEN);
    }

    static synchronized Installation running(ApplicationCase test) {
        Installation running = only;
        if (running == null) {
            try {
                running = new Installation(test.parts);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            running.publish(TINY, "'interval':'PT1S',", VPC + "," + GROUP + "," + LOGS.formatted(TINY));
            running.publish(HELD, NO_UPDATES, LOGS.formatted(HELD));
            only = running;
        }
        test.daemonWorksFor(running, running::operator, false);
        return running;
    }

    void bucket(String name) {
        aws(S3Client.class)
                .createBucket(r -> r.bucket(name).createBucketConfiguration(c -> c.locationConstraint(REGION)));
    }

    /** The clients of a person at a console. */
    <C extends SdkClient> C aws(Class<C> type) {
        return twin.account(ACCOUNT).service(REGION, type);
    }

    Operator operator() {
        return operator(environment);
    }

    /** Another replica on the same state, which runs only this stack. */
    Operator replica(String stack) {
        return operator(new InstallationConfig(
                environment.desiredState(),
                environment.state(),
                environment.installation(),
                Set.of(stack),
                environment.endpoint(),
                TOKEN));
    }

    private Operator operator(InstallationConfig config) {
        return new Operator(
                config,
                parts.catalog(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCOUNT, "secret")));
    }

    /** The environment of a command on this machine. */
    Map<String, String> environment() {
        Map<String, String> values = new HashMap<>();
        values.put("aws.region", REGION);
        values.put("aws.accessKeyId", ACCOUNT);
        values.put("aws.secretAccessKey", "secret");
        values.put("AWS_ENDPOINT_URL", twin.endpoint().toString());
        return values;
    }

    Head publish(String stack, String settings, String documents) {
        try (Operator operator = operator()) {
            return Publisher.publish(
                    operator.published(LOCATION),
                    compiled(stack, settings, documents),
                    "ann",
                    "first",
                    null,
                    Clock.systemUTC());
        }
    }

    static Map<String, String> files(String stack, String settings, String documents) {
        String settled = """
            {'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'%s'},
             'spec':{%s'account':'%s','region':'%s','include':['docs.json']}}
            """.formatted(stack, settings, ACCOUNT, REGION);
        return Map.of(
                stack + "/stack.json", settled.replace('\'', '"'),
                stack + "/docs.json", ("[" + documents + "]").replace('\'', '"'));
    }

    private Revision compiled(String stack, String settings, String documents) {
        Map<String, byte[]> files = new HashMap<>();
        files(stack, settings, documents).forEach((path, text) -> files.put(path, text.getBytes(UTF_8)));
        return CompiledStack.valid(
                new DesiredCompiler(parts.catalog()).compile(files).get(stack));
    }

    /** Sets system properties for a while: the application's configuration reads them like variables. */
    static final class Properties implements AutoCloseable {
        private final Map<String, String> before = new HashMap<>();

        Properties(Map<String, String> values) {
            values.forEach((name, value) -> before.put(name, System.setProperty(name, value)));
        }

        @Override
        public void close() {
            before.forEach((name, value) -> {
                if (value == null) {
                    System.clearProperty(name);
                } else {
                    System.setProperty(name, value);
                }
            });
        }
    }
}
