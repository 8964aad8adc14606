package dev.holdfast.app;

import dev.holdfast.api.RunningEngine;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.DirectorySource;
import dev.holdfast.desired.Publisher;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Event;
import dev.holdfast.model.Revision;
import dev.holdfast.model.SafeText;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.TwinSettings;
import io.quarkus.runtime.Quarkus;
import io.quarkus.value.registry.ValueRegistry;
import io.quarkus.vertx.http.HttpServer;
import jakarta.enterprise.context.Dependent;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

@Dependent
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Runs everything on this machine: an AWS account in memory, the daemon with the desired state, and the"
                        + " status page.")
class DemoCommand extends LocalCommand {
    private static final String BUCKET = "holdfast-demo";
    private static final String INSTALLATION = "demo";
    /** With AWS's real delays, the demo would take too long to watch. */
    private static final double SPEED = 15;

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "Port of the HTTP API and the status page. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--aws-port",
            defaultValue = "4566",
            description = "Port of the AWS account in memory. Default: ${DEFAULT-VALUE}")
    private int awsPort;

    @Option(
            names = "--desired-state",
            defaultValue = "desired-state",
            description = "Directory of the desired state. Default: ${DEFAULT-VALUE}")
    private Path desiredState = Path.of("desired-state");

    @Option(names = "--stack", description = "Runs only this stack.")
    private @Nullable String stack;

    private final Daemon daemon;
    private final RunningEngine running;
    private final ValueRegistry server;

    DemoCommand(CommandContext context, Daemon daemon, RunningEngine running, ValueRegistry server) {
        super(context);
        this.daemon = daemon;
        this.running = running;
        this.server = server;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, Revision> revisions = revisions();
        PrintWriter out = out();
        try (TwinServer twin = TwinServer.start(
                TwinOptions.defaults().withPort(awsPort).withSettings(new TwinSettings().speed(SPEED)))) {
            String account = revisions.values().iterator().next().settings().account();
            String region = revisions.values().iterator().next().settings().region();
            System.setProperty("aws.region", region);
            StaticCredentialsProvider credentials =
                    StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "demo"));
            publish(twin, account, region, revisions);
            Operator operator = new Operator(environment(twin.endpoint()), context.catalog(), credentials);
            out.printf("An AWS account in memory: %s (account %s, region %s)%n", twin.endpoint(), account, region);
            out.printf("Status: %1$s/  and  %1$s/api/v1/stacks%n%n", url());
            out.flush();
            daemon.start(
                    operator,
                    AlertSettings.NONE,
                    DemoEvents.start(twin, account, region),
                    true,
                    event -> print(out, event));
            watch(out, twin.endpoint(), account, region);
            Quarkus.waitForExit();
        } catch (BindException e) {
            throw new CommandFailure("port " + awsPort + " is in use; choose another with --aws-port");
        }
        return ExitCodes.FINE;
    }

    private InstallationConfig environment(URI endpoint) {
        return new InstallationConfig(
                "s3://" + BUCKET + "/desired",
                "s3://" + BUCKET + "/.holdfast",
                INSTALLATION,
                stack == null ? Set.of() : Set.of(stack),
                endpoint,
                null);
    }

    private Map<String, Revision> revisions() {
        CommandContext.checkDirectory(desiredState);
        DesiredSource source = new DirectorySource(desiredState, context.catalog());
        Map<String, Revision> revisions = new TreeMap<>();
        for (String name : stack == null ? source.stacks() : List.of(stack)) {
            revisions.put(name, CommandContext.revision(source, name, err()));
        }
        if (revisions.isEmpty()) {
            throw new CommandFailure("there is no stack in " + desiredState);
        }
        return revisions;
    }

    private void publish(TwinServer twin, String account, String region, Map<String, Revision> revisions) {
        twin.account(account)
                .service(region, S3Client.class)
                .createBucket(r -> r.bucket(BUCKET).createBucketConfiguration(c -> c.locationConstraint(region)));
        InstallationConfig environment = environment(twin.endpoint());
        try (Operator publisher = new Operator(
                environment,
                context.catalog(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "demo")))) {
            revisions
                    .values()
                    .forEach(r -> Publisher.publish(
                            publisher.published(environment.desiredState()),
                            r,
                            "demo",
                            "first",
                            null,
                            Clock.systemUTC()));
        }
    }

    /** The instructions for a change of the desired state. */
    private String commit(String name) {
        return """
            Change the desired state and watch it converge: edit a copy of %1$s, then

              ./holdfast validate COPY
              ./holdfast publish COPY --stack %2$s --message "why"
              ./holdfast events --stack %2$s --follow
              ./holdfast rollback --stack %2$s --to previous

            Here, an image with the tag "bad" cannot be pulled, and one with the tag "unhealthy" fails its health checks.
            docs/first-hour.md continues from here.

            """.formatted(desiredState, name);
    }

    private String installation() {
        return "export HOLDFAST_SERVER=" + url() + " HOLDFAST_INSTALLATION=" + INSTALLATION
                + " HOLDFAST_DESIRED_STATE=s3://" + BUCKET + "/desired";
    }

    /** The address of the daemon: with {@code --port 0}, the operating system has chosen the port. */
    private String url() {
        return "http://127.0.0.1:" + server.getOrDefault(HttpServer.HTTP_PORT, port);
    }

    private static void print(PrintWriter out, Event event) {
        String mark = switch (event.severity()) {
            case Info -> " ";
            case Warning -> "!";
            case Alert -> "ALERT";
            case Resolved -> "over";
        };
        synchronized (out) {
            out.printf(
                    "%tT %-5s %-8s %-32s %-16s %s%n",
                    event.at().atZone(java.time.ZoneId.systemDefault()),
                    mark,
                    event.stack(),
                    event.resource() == null ? "" : event.resource(),
                    event.reason(),
                    SafeText.line(event.message()));
            out.flush();
        }
    }

    /** Reports each stack that has converged, once, with commands that break something in it. */
    private void watch(PrintWriter out, URI endpoint, String account, String region) {
        Instant start = Instant.now();
        Thread.ofVirtual().name("demo-watch").start(() -> {
            Set<String> told = new java.util.HashSet<>();
            Poll time = new Poll(null);
            do {
                Engine engine = running.engine();
                Map<String, StackReconciler> stacks = engine == null ? Map.of() : engine.stacks();
                stacks.forEach((name, reconciler) -> {
                    StackView view = reconciler.view();
                    if (view.converged() && told.add(name)) {
                        synchronized (out) {
                            out.printf(
                                    "%n%s has converged: %d resources Synced and Ready after %d s.%n",
                                    name,
                                    view.resources().size(),
                                    Duration.between(start, Instant.now()).toSeconds());
                            out.print(DemoSuggestions.commands(view, endpoint, installation(), account, region));
                            out.print(commit(name));
                            out.flush();
                        }
                    }
                });
                if (!stacks.isEmpty() && told.containsAll(stacks.keySet())) {
                    return;
                }
            } while (time.goesOn(Duration.ofMillis(500)));
        });
    }
}
