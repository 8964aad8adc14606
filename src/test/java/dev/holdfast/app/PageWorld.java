package dev.holdfast.app;

import dev.holdfast.twin.TwinFaults;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.TwinSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkClient;

/** A twin and a directory of desired state for the status page. The test that starts the daemon stops it. */
final class PageWorld implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final String REGION = "eu-west-2";
    static final String TOKEN = "the-token-of-this-test";
    /** A text that would run if the page treated it as markup. */
    static final String CANARY = "<img src=x onerror=\"window.canary=1\"><script>window.canary=2</script>${1+1}{{1}}";

    static final int MANY = 1500;

    private final TwinServer twin;
    private final Path folder;
    private final Path desired;
    private final CommandContext parts;

    PageWorld(CommandContext parts, double speed) {
        try {
            // The directory is not deleted after the test, because a pass or the browser may still be writing to it.
            folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "page-");
            desired = folder.resolve("desired");
            Files.createDirectories(desired);
            twin = TwinServer.start(TwinOptions.defaults().withSettings(new TwinSettings().speed(speed)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.parts = parts;
    }

    /** The browser's own directory. */
    Path profile() {
        return folder.resolve("profile").toAbsolutePath();
    }

    /** A new operator, because the daemon has closed the previous one. */
    Operator operator() {
        return operatorOf(desired.toString());
    }

    /** An operator that reads its desired state from this location. */
    Operator operatorOf(String location) {
        return new Operator(
                new InstallationConfig(
                        location, folder.resolve("state").toString(), "page", Set.of(), twin.endpoint(), TOKEN),
                parts.catalog(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCOUNT, "secret")));
    }

    /** Replaces single quotes by double quotes. */
    PageWorld stack(String name, String settings, String... documents) {
        write(name + "/stack.json", """
            {'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'%s'},
             'spec':{%s'account':'%s','region':'%s','include':['docs/**']}}
            """.formatted(name, settings, ACCOUNT, REGION));
        for (int i = 0; i < documents.length; i++) {
            write(name + "/docs/" + i + ".json", documents[i]);
        }
        return this;
    }

    PageWorld without(String stack, int document) {
        try {
            Files.delete(desired.resolve(stack + "/docs/" + document + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    PageWorld copyOf(Path directory) {
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = desired.resolve(directory.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private void write(String path, String text) {
        Path file = desired.resolve(path);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String vpc() {
        return document("Vpc", "main", "'cidrBlock':'10.0.0.0/16'");
    }

    static String group(String name) {
        return document("SecurityGroup", name, """
            'vpcId':'${Vpc/main}','description':'web','egress':[],
            'ingress':[{'protocol':'tcp','fromPort':443,'toPort':443,'cidrIpv4':'0.0.0.0/0'}]
            """);
    }

    static String alarm(String stack, String name) {
        return document("Alarm", name, """
            'alarmName':'%s-%s','namespace':'AWS/ECS','metricName':'CPUUtilization','statistic':'Average','period':60,
            'evaluationPeriods':5,'threshold':85,'comparisonOperator':'GreaterThanThreshold','alarmDescription':'%s'
            """.formatted(
                        stack, name, CANARY.replace("${", "$${").replace("\"", "\\'")));
    }

    static String logGroups(int howMany) {
        return IntStream.range(0, howMany)
                .mapToObj(i -> document("LogGroup", "service-" + i, "'logGroupName':'/large/service-" + i + "'"))
                .collect(Collectors.joining(",", "[", "]"));
    }

    static String document(String kind, String name, String spec) {
        return "{'apiVersion':'holdfast.dev/v1','kind':'%s','metadata':{'name':'%s'},'spec':{%s}}"
                .formatted(kind, name, spec);
    }

    TwinFaults faults() {
        return twin.faults();
    }

    /** The clients of a person at a console. */
    <C extends SdkClient> C aws(Class<C> type) {
        return twin.account(ACCOUNT).service(REGION, type);
    }

    @Override
    public void close() {
        twin.close();
    }
}
